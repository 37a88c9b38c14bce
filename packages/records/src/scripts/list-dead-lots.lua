-- Lots that were set aside, the newest first. ARGV: how many to pass over, how many.
-- Returns for each: lot, when it died (ms), tenant, lane, path id, starts, created (ms), batch or ''
local offset, limit = tonumber(ARGV[1]), tonumber(ARGV[2])
local lots = redis.call('ZREVRANGE', dead_lots_key, offset, offset + limit - 1, 'WITHSCORES')
local reply = {}
for i = 1, #lots, 2 do
  local record = redis.call('HMGET', lot_key(lots[i]), 'tenant', 'lane', 'ids', 'starts', 'created', 'batch')
  if record[1] then
    reply[#reply + 1] = lots[i]
    reply[#reply + 1] = string.format('%.0f', lots[i + 1])
    for field = 1, 6 do reply[#reply + 1] = record[field] or '' end
  end
end
return reply
