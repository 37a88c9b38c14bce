-- Asks for a change of a whole batch. ARGV: tenant, batch, 'cancel', 'retry' or 'remove', who, once and digest of the call.
-- Returns {'begun'} | {'again', batch} | {'other_body'} | {'busy'} | {'unknown'}
local tenant, batch, change, actor, once, digest = unpack(ARGV)
local earlier = earlier_call(tenant, once, digest)
if earlier then return earlier end
local key = batch_key(tenant, batch)
local state, under_way, settled = unpack(redis.call('HMGET', key, 'state', 'change', 'settled'))
if not state or state == 'deleting' then return { 'unknown' } end

if change == 'retry' then
  if under_way or state == 'taking' then return { 'busy' } end
  audit(tenant, actor, 'batch.retry', batch, 'done')
  keep_call(tenant, once, digest, batch)
  begin_change(tenant, batch, 'retry', actor)
  return { 'begun' }
end
if change == 'remove' then
  audit(tenant, actor, 'batch.delete', batch, 'done')
  begin_removal(tenant, batch, actor)
  return { 'begun' }
end
-- Asked for twice, it goes on where it is; of one that is done nothing is left to be stopped.
local is_nothing_left = under_way == 'cancel' or (state == 'taken' and settled and not under_way)
if not is_nothing_left then audit(tenant, actor, 'batch.cancel', batch, 'done') end
-- Also where nothing is to be done: sent again after a retry, the same call must not stop that.
keep_call(tenant, once, digest, batch)
if is_nothing_left then return { 'begun' } end
redis.call('HSET', key, 'state', 'cancelled', 'cancelled-at', now_ms())
redis.call('HDEL', key, 'owner')
redis.call('ZREM', intakes_key, name_of(tenant, batch))
begin_change(tenant, batch, 'cancel', actor)
announce_batch(tenant, batch)
return { 'begun' }
