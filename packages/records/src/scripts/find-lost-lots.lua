-- Lots that were released a while ago and have no job: their hint was lost between the record and the queue.
-- ARGV: offset, how many to look at, least age in ms. Returns {next offset, then lot, lane, priority for each}.
local offset, limit = tonumber(ARGV[1]), tonumber(ARGV[2])
local before = now_ms() - tonumber(ARGV[3])
local lots = redis.call('ZRANGE', lots_key, '-inf', before, 'BYSCORE', 'LIMIT', offset, limit)
local reply = { tostring(#lots < limit and 0 or offset + limit) }
for _, lot in ipairs(lots) do
  local record = redis.call('HMGET', lot_key(lot), 'lane', 'priority')
  if record[1] and redis.call('EXISTS', job_key(record[1], lot)) == 0 then
    reply[#reply + 1] = lot
    reply[#reply + 1] = record[1]
    reply[#reply + 1] = record[2]
  end
end
return reply
