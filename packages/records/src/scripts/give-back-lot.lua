-- A worker lets go of a lot alive, to be taken again: its start does not count as a death.
-- ARGV: lot, take, and why: 'drain' (the worker is leaving), 'again' (the try failed and is counted), or 'apart' (it failed
-- in a way that may be one request's doing: counted for a lot of one, while the start of a lot of several stays, so that
-- the next start splits it). Returns the tries so far.
local lot, take, why = ARGV[1], ARGV[2], ARGV[3]
local record = redis.call('HMGET', lot_key(lot), 'take', 'tries', 'ids')
local several = record[3] and string.find(record[3], ',', 1, true)
if record[1] ~= take or (why == 'apart' and several) then return tonumber(record[2] or '0') end
redis.call('HINCRBY', lot_key(lot), 'starts', -1)
redis.call('HDEL', lot_key(lot), 'take', 'started')
return redis.call('HINCRBY', lot_key(lot), 'tries', why == 'drain' and 0 or 1)
