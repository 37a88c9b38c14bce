-- A worker lets go of a lot alive, to be taken again: its start does not count as a death.
-- ARGV: lot, take, and why:
--   'drain'  the worker is leaving
--   'wait'   something that the lot needs is away for now
--   'apart'  it failed in a way that may be one request's doing: counted as a try for a lot of one, while the start of a lot
--            of several stays, so that its next start splits it
-- Returns how often it was given back for this reason.
local lot, take, why = ARGV[1], ARGV[2], ARGV[3]
local counters = { drain = 'drains', wait = 'waits', apart = 'tries' }
local counter = counters[why]
local record = redis.call('HMGET', lot_key(lot), 'take', counter, 'tenant', 'ids', 'lane')
if record[1] ~= take then return tonumber(record[2] or '0') end
count_stat(record[5], 'given-back:' .. why)
-- Counted by what still waits, as the next start counts it.
if why == 'apart' and #waiting_of(record[3], record[4], lot) > 1 then return tonumber(record[2] or '0') end
redis.call('HINCRBY', lot_key(lot), 'starts', -1)
redis.call('HDEL', lot_key(lot), 'take', 'started')
return redis.call('HINCRBY', lot_key(lot), counter, 1)
