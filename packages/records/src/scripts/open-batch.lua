-- Makes a batch to be taken in, or goes on with one whose intake broke. ARGV: tenant, mode, owner, lease in ms, how many batches of
-- the tenant may be open, who, once of the call.
-- Returns {'new', id} | {'resumed', id, how many blocks are there} | {'busy', id}, another owner has it | {'done', id} | {'gone', id}, it
-- was deleted | {'too_many'} | {'other_body'}
local tenant, mode, owner, lease, most, actor, once = unpack(ARGV)

local function resume(batch)
  local key = batch_key(tenant, batch)
  local state, known_mode, blocks = unpack(redis.call('HMGET', key, 'state', 'mode', 'blocks'))
  if not state or state == 'deleting' then return { 'gone', batch } end
  if known_mode ~= mode then return { 'other_body' } end
  if state ~= 'taking' and state ~= 'broken' then return { 'done', batch } end
  local lease_end = redis.call('ZSCORE', intakes_key, name_of(tenant, batch))
  if state == 'taking' and lease_end and tonumber(lease_end) > now_ms() then return { 'busy', batch } end
  audit(tenant, actor, 'batch.resume', batch, 'done')
  redis.call('HSET', key, 'state', 'taking', 'owner', owner)
  renew_lease(tenant, batch, lease)
  settle_batch(tenant, batch)
  return { 'resumed', batch, blocks }
end

-- The digest of such a call says what it made; what was in it is held against the digests of the blocks.
local earlier = earlier_call(tenant, once, 'batch')
if earlier then return earlier[1] == 'again' and resume(earlier[2]) or earlier end
if redis.call('ZCARD', of_tenant(tenant, 'batches:open')) >= tonumber(most) then return { 'too_many' } end
local first, fault = take_ids(tenant, 1)
if fault then return fault end
local batch = string.format('%d', first)
audit(tenant, actor, 'batch.create', batch, 'done')
keep_call(tenant, once, 'batch', batch)
redis.call('HSET', batch_key(tenant, batch), 'state', 'taking', 'mode', mode, 'owner', owner, 'rows', 0, 'blocks', 0, 'accepted', 0,
  'rejected', 0, 'parked', 0, 'queued', 0, 'ready', 0, 'failed', 0, 'cancelled', 0, 'created', now_ms())
if once ~= '' then redis.call('HSET', batch_key(tenant, batch), 'once', once) end
redis.call('ZADD', of_tenant(tenant, 'batches'), batch, batch)
redis.call('ZADD', of_tenant(tenant, 'batches:open'), batch, batch)
renew_lease(tenant, batch, lease)
return { 'new', batch }
