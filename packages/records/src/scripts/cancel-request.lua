-- Stops a request that is not made yet; it stays visible, and points at its key. ARGV: tenant, id, who.
-- Returns 1, or 0 where it is not queued.
local tenant, id = ARGV[1], ARGV[2]
local key = request_key(tenant, id)
local request = redis.call('HMGET', key, 'lot', 'batch', 'algorithm', 'spec')
if not may_move(tenant, id, 'cancel') then return 0 end
audit(tenant, ARGV[3], 'request.cancel', id, 'done')
move(tenant, id, 'cancel')

-- The spec may hold a challenge password. Of it remains what a list shows: algorithm and common name lie beside it.
redis.call('HDEL', key, 'lot', 'lane', 'spec')
redis.call('HSET', key, 'finished', now_ms())
-- A record of release 0.1 has the algorithm in its spec alone.
if not request[3] then redis.call('HSET', key, 'algorithm', cjson.decode(request[4]).key.algorithm) end
if redis.call('HGET', lot_key(request[1]), 'ids') == id then remove_lot(request[1]) end
announce(tenant, id, request[2])
return 1
