-- Errands: what a caller waits for and a worker does, an export or a verification, each in a lot of its own. Its record has the
-- state 'queued', 'done' or 'failed', what is asked for (input) until it has ended, and what came of it (result) for the
-- one who asked to take.

-- For so long (s) an errand waits for a worker: nobody waits for it longer.
local errand_waits = 120
-- For so long (s) what came of it waits to be taken.
local result_waits = 60

-- The number of a lot may have been given again since a crash that took Redis' last writes: another's lot stays.
local function remove_lot_of(id, lot)
  if redis.call('HGET', lot_key(lot), 'errand') == id then remove_lot(lot) end
end

-- Ends an errand, and its lot.
local function finish_errand(lot, tenant, kind, id, state, result, actor)
  local key = errand_key(tenant, kind, id)
  local record = redis.call('HMGET', key, 'state', 'about')
  if record[1] ~= 'queued' then
    remove_lot_of(id, lot)
    return 0
  end
  audit(tenant, actor, kind == 'verify' and 'audit.verify' or 'key.export', record[2], state)
  redis.call('HSET', key, 'state', state, 'result', result)
  redis.call('HDEL', key, 'input')
  redis.call('EXPIRE', key, result_waits)
  redis.call('PUBLISH', settled_channel, tenant .. ' ' .. kind .. ':' .. id)
  remove_lot_of(id, lot)
  return 1
end

-- A worker, as the audit names it where it acts for a call.
local function actor_for(actor, call)
  if call == '' then return actor end
  local who = cjson.decode(actor)
  who.call = call
  return cjson.encode(who)
end

local function start_errand(lot, record, take, died, actor)
  local tenant, kind, id = record.tenant, record.kind, record.errand
  local key = errand_key(tenant, kind, id)
  if redis.call('HGET', key, 'state') ~= 'queued' then
    remove_lot(lot)
    return { 'gone' }
  end
  local starts = tonumber(record.starts)
  if record.take ~= take then
    if starts >= 2 then
      finish_errand(lot, tenant, kind, id, 'failed', died, actor_for(actor, redis.call('HGET', key, 'call')))
      return { 'gone' }
    end
    redis.call('HSET', lot_key(lot), 'starts', starts + 1, 'take', take, 'started', now_ms())
  end
  local reply = { 'errand', tenant, kind, id }
  for _, part in ipairs(redis.call('HGETALL', key)) do reply[#reply + 1] = part end
  return reply
end
