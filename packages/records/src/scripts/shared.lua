local function read_hash(key)
  local flat = redis.call('HGETALL', key)
  local hash = {}
  for i = 1, #flat, 2 do hash[flat[i]] = flat[i + 1] end
  return hash
end

-- What a reader sees of a request: its fields, when its lot was started, and the algorithm of its key.
local function read_record(tenant, id)
  local record = redis.call('HGETALL', request_key(tenant, id))
  for i = 1, #record, 2 do
    local name, value, key, field = record[i], record[i + 1], nil, nil
    if name == 'lot' then key, field, name = lot_key(value), 'started', 'running' end
    if name == 'key' then key, field, name = key_key(tenant, value), 'algorithm', 'algorithm' end
    local known = key and redis.call('HGET', key, field)
    if known then
      record[#record + 1] = name
      record[#record + 1] = known
    end
  end
  return record
end

local function split_ids(text)
  local ids = {}
  for id in string.gmatch(text, '[^,]+') do ids[#ids + 1] = id end
  return ids
end

local function write_any_lot(kind, tenant, lane, priority, ids)
  local lot = redis.call('INCR', next_lot_key)
  local now = now_ms()
  redis.call('HSET', lot_key(lot), 'kind', kind, 'tenant', tenant, 'lane', lane, 'priority', priority,
    'ids', ids, 'starts', 0, 'tries', 0, 'created', now)
  redis.call('ZADD', lots_key, now, lot)
  enter_lane(lane, priority)
  return lot
end

local function write_lot(tenant, lane, priority, batch, ids)
  local lot = write_any_lot('make', tenant, lane, priority, table.concat(ids, ','))
  if batch then redis.call('HSET', lot_key(lot), 'batch', batch) end
  return lot
end

-- A lot that is parked is in no list, and no worker is given it, until it is released.
local function park_lot(lot)
  redis.call('HSET', lot_key(lot), 'parked', '1')
  redis.call('ZREM', lots_key, lot)
end

local function release_lot(lot, lane, priority)
  local now = now_text()
  redis.call('HSET', lot_key(lot), 'priority', priority, 'released', now)
  redis.call('HDEL', lot_key(lot), 'parked')
  redis.call('ZADD', lots_key, now, lot)
  enter_lane(lane, priority)
end

local function remove_lot(lot)
  leave_lane(unpack(redis.call('HMGET', lot_key(lot), 'lane', 'priority')))
  redis.call('DEL', lot_key(lot))
  redis.call('ZREM', lots_key, lot)
  redis.call('ZREM', dead_lots_key, lot)
end

-- Wakes the calls that are held for a single request. Of a batch only the batch is told of: nobody waits for one request.
local function announce(tenant, id, batch)
  redis.call('PUBLISH', settled_channel, tenant .. ' ' .. (batch and 'batch:' .. batch or id))
end

-- A result belongs to a request only while that request is queued in this very lot: a lot that was split, cancelled,
-- deleted or done by another worker must never write a second key.
local function is_in(lot, request) return request[1] == 'queued' and request[2] == lot end

local function waiting_of(tenant, ids, lot)
  local waiting = {}
  for _, id in ipairs(split_ids(ids)) do
    if is_in(lot, redis.call('HMGET', request_key(tenant, id), 'state', 'lot')) then waiting[#waiting + 1] = id end
  end
  return waiting
end

-- A request whose lot is gone would wait for ever, so a lot in which something waits stays, whoever thinks it done: a worker
-- may mean a lot of the same number from before a crash that took Redis' last writes. One that was set aside stays for its
-- operator.
local function remove_if_done(lot)
  local record = redis.call('HMGET', lot_key(lot), 'tenant', 'ids', 'errand', 'parked')
  if not record[1] or record[3] or record[4] or redis.call('ZSCORE', dead_lots_key, lot) then return end
  if #waiting_of(record[1], record[2], lot) == 0 then remove_lot(lot) end
end

local function store_problem(tenant, id, problem, now)
  redis.call('HSET', request_key(tenant, id), 'state', transitions.fail.to, 'problem', problem, 'finished', now)
  redis.call('ZADD', of_tenant(tenant, 'failed'), id, id)
end
