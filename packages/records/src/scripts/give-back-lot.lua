-- A worker lets go of a lot alive, to be taken again: its start does not count as a death.
-- ARGV: lot, take, 'again' (the try failed and is counted) or 'drain' (the worker is leaving). Returns the tries so far.
local lot, take = ARGV[1], ARGV[2]
local record = redis.call('HMGET', lot_key(lot), 'take', 'tries')
if record[1] ~= take then return tonumber(record[2] or '0') end
redis.call('HINCRBY', lot_key(lot), 'starts', -1)
redis.call('HDEL', lot_key(lot), 'take', 'started')
return redis.call('HINCRBY', lot_key(lot), 'tries', ARGV[3] == 'again' and 1 or 0)
