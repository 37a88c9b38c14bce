-- The owner of an intake leaves it. ARGV: tenant, batch, owner, 'end', all rows are in, or 'abandon', the rest will not come, who.
-- Returns 'taken' | 'releasing' | 'refused' | 'broken' | 'lost'
local tenant, batch, owner, how, actor = unpack(ARGV)
if not holds(tenant, batch, owner) then return 'lost' end
local key = batch_key(tenant, batch)
local accepted, rejected, mode = unpack(redis.call('HMGET', key, 'accepted', 'rejected', 'mode'))
if how == 'abandon' then
  audit(tenant, actor, 'batch.break', batch, 'done')
  break_intake(tenant, batch, actor)
  return 'broken'
end
local refused = mode == 'atomic' and tonumber(rejected) > 0
local outcome = accepted .. ' accepted, ' .. rejected .. ' rejected'
audit(tenant, actor, 'batch.end', batch, refused and outcome .. ', nothing taken' or outcome)
if refused then
  break_intake(tenant, batch, actor)
  return 'refused'
end
-- From here on all of it is promised.
local state = mode == 'atomic' and 'releasing' or 'taken'
redis.call('HSET', key, 'state', state, 'taken', now_ms())
redis.call('HDEL', key, 'owner')
redis.call('ZREM', intakes_key, name_of(tenant, batch))
if state == 'releasing' then begin_change(tenant, batch, 'release', actor) end
settle_batch(tenant, batch)
announce_batch(tenant, batch)
return state
