-- Takes the next block of a batch in: its ids, records, lots, rejects and counts, all of it or nothing.
-- ARGV: tenant, batch, owner, number of the block, digest, who, lease in ms, how many requests of the tenant may be queued, rows of
-- the block, how many lots, how many rejects, then lane and number of rows of each lot, then seven for each row in the order of
-- the lots: its offset in the block and six as create-requests has them, then line and JSON of each reject.
-- Returns {'taken', first id, then lot, lane, priority of each that is to be queued} | {'there', first id, digest} | {'lost'} |
-- {'queue_full'} | {'key_not_found', id of the key}
local tenant, batch, owner, number, digest, actor, lease = unpack(ARGV, 1, 7)
local most, size, lots, rejects = tonumber(ARGV[8]), tonumber(ARGV[9]), tonumber(ARGV[10]), tonumber(ARGV[11])
local per_row = 7
local rows_from = 12 + 2 * lots
local rejects_from = #ARGV - 2 * rejects + 1
local rows = (rejects_from - rows_from) / per_row
local key, blocks = batch_key(tenant, batch), blocks_key(tenant, batch)

if not holds(tenant, batch, owner) then return { 'lost' } end
local known = redis.call('HGET', blocks, number)
if known then
  renew_lease(tenant, batch, lease)
  local base, its_digest = string.match(known, '^(%d+) (.*)$')
  return { 'there', base, its_digest }
end
local record = redis.call('HMGET', key, 'blocks', 'mode', 'first', 'rows')
if record[1] ~= number or tonumber(record[4]) ~= tonumber(number) * block_size then
  return redis.error_reply('NOTNEXT block ' .. number .. ' does not follow the ' .. record[1] .. ' that are there')
end
local counts = redis.call('HMGET', of_tenant(tenant, 'counts'), 'queued', 'parked')
if tonumber(counts[1] or '0') + tonumber(counts[2] or '0') + rows > most then return { 'queue_full' } end
for at = rows_from, rejects_from - 1, per_row do
  local key_id = ARGV[at + 3]
  if key_id ~= '' and redis.call('EXISTS', key_key(tenant, key_id)) == 0 then return { 'key_not_found', key_id } end
end
local first, fault = take_ids(tenant, size)
if fault then return fault end

local ids = {}
for i = 1, rows do ids[i] = string.format('%d', first + ARGV[rows_from + per_row * (i - 1)]) end
audit(tenant, actor, 'request.create', table.concat(ids, ','), 'done')
local is_parked = record[2] == 'atomic'
local state = is_parked and 'parked' or 'queued'
local now = now_text()
local reply = { 'taken', string.format('%d', first) }

local function add(fields, name, value)
  if value == '' then return end
  fields[#fields + 1] = name
  fields[#fields + 1] = value
end

local function write_row(i, lot, lane)
  local at = rows_from + per_row * (i - 1)
  local _, ref, spec, key_id, keep, algorithm, common_name = unpack(ARGV, at, at + per_row - 1)
  local fields = { 'state', state, 'lot', lot, 'lane', lane, 'batch', batch, 'spec', spec, 'algorithm', algorithm, 'created', now }
  add(fields, 'ref', ref)
  add(fields, 'key', key_id)
  add(fields, 'commonName', common_name)
  add(fields, 'keep', keep == '' and '' or '1')
  redis.call('HSET', request_key(tenant, ids[i]), unpack(fields))
  if key_id ~= '' then use_key(tenant, key_id, ids[i]) end
end

local row = 0
for i = 1, lots do
  local lane, count = ARGV[10 + 2 * i], tonumber(ARGV[11 + 2 * i])
  local its_ids = table.concat(ids, ',', row + 1, row + count)
  local priority = is_parked and 0 or next_tag(tenant, lane)
  local lot = tostring(write_any_lot('make', tenant, lane, priority, its_ids))
  redis.call('HSET', lot_key(lot), 'batch', batch)
  if is_parked then park_lot(lot) end
  for of_lot = row + 1, row + count do write_row(of_lot, lot, lane) end
  row = row + count
  if not is_parked then
    for _, part in ipairs({ lot, lane, tostring(priority) }) do reply[#reply + 1] = part end
  end
end
if rejects > 0 then redis.call('ZADD', rejected_key(tenant, batch), unpack(ARGV, rejects_from)) end

if rows > 0 then
  -- Ids only go up; the lots of a block need not be in the order of its rows.
  local lowest, highest = ids[1], ids[1]
  for _, id in ipairs(ids) do
    if tonumber(id) < tonumber(lowest) then lowest = id end
    if tonumber(id) > tonumber(highest) then highest = id end
  end
  redis.call('HSET', key, 'first', record[3] or lowest, 'last', highest)
  redis.call('HINCRBY', of_tenant(tenant, 'counts'), state, rows)
end
redis.call('HSET', blocks, number, string.format('%d %s', first, digest))
redis.call('HINCRBY', key, 'blocks', 1)
redis.call('HINCRBY', key, 'rows', size)
redis.call('HINCRBY', key, 'accepted', rows)
redis.call('HINCRBY', key, 'rejected', rejects)
redis.call('HINCRBY', key, state, rows)
renew_lease(tenant, batch, lease)
announce_batch(tenant, batch)
return reply
