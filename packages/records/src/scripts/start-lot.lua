-- A worker takes a lot. ARGV: lot, take (a name for this very run of the job), problem for a lot that is set aside, who.
-- Returns {'gone'} | {'split', lane, priority, lot…} | {'dead', tenant, id}
--       | {'errand', tenant, kind, id, its fields and values}
--       | {'started', tenant, lane, then id, id of the key that signs it or '', spec for each request still waiting}
local lot, take = ARGV[1], ARGV[2]
local record = read_hash(lot_key(lot))
if not record.kind or record.parked then return { 'gone' } end
local tenant = record.tenant
if record.errand then return start_errand(lot, record, take, ARGV[3], ARGV[4]) end

local waiting, requests = {}, {}
for _, id in ipairs(split_ids(record.ids)) do
  local request = redis.call('HMGET', request_key(tenant, id), 'state', 'lot', 'key', 'spec')
  if is_in(lot, request) then
    waiting[#waiting + 1] = id
    requests[#requests + 1] = request
  end
end
if #waiting == 0 then
  remove_if_done(lot)
  return { 'gone' }
end

pass_time(record.lane, record.priority)
-- The same take asks again when its connection broke before the answer came: that is no new start.
local starts = tonumber(record.starts)
if record.take ~= take then
  if starts >= 1 and #waiting > 1 then
    count_stat(record.lane, 'stalls')
    -- The worker before died with this lot in hand. One of its requests may be what killed it: each goes on alone.
    local reply = { 'split', record.lane, record.priority }
    for _, id in ipairs(waiting) do
      local own = write_lot(tenant, record.lane, record.priority, record.batch, { id })
      redis.call('HSET', request_key(tenant, id), 'lot', own)
      reply[#reply + 1] = tostring(own)
    end
    remove_lot(lot)
    return reply
  end
  if starts >= 2 then
    audit(tenant, ARGV[4], 'request.complete', waiting[1], '0 ready, 1 failed')
    count_stat(record.lane, 'stalls')
    move(tenant, waiting[1], 'fail')
    store_problem(tenant, waiting[1], ARGV[3], now_ms())
    count_failures(record.lane, now_ms(), { [code_in(ARGV[3])] = 1 })
    announce(tenant, waiting[1], record.batch)
    redis.call('ZREM', lots_key, lot)
    -- It is the lot of this one now, whatever it carried before, and goes with it.
    redis.call('HSET', lot_key(lot), 'ids', waiting[1], 'priority', 0)
    leave_lane(record.lane, record.priority)
    redis.call('ZADD', dead_lots_key, now_ms(), lot)
    return { 'dead', tenant, waiting[1] }
  end
  if starts >= 1 then count_stat(record.lane, 'stalls') end
  -- Written before the work begins: a lot that kills its worker must not be able to do so for ever.
  redis.call('HSET', lot_key(lot), 'starts', starts + 1, 'take', take, 'started', now_ms())
end

local reply = { 'started', tenant, record.lane }
for i, id in ipairs(waiting) do
  reply[#reply + 1] = id
  reply[#reply + 1] = requests[i][3] or ''
  reply[#reply + 1] = requests[i][4]
end
return reply
