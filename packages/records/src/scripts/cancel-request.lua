-- Stops a request that is not made yet; it stays visible. ARGV: tenant, id. Returns 1, or 0 where it is not queued.
local tenant, id = ARGV[1], ARGV[2]
if not move(tenant, id, 'cancel') then return 0 end
local key = request_key(tenant, id)
local request = redis.call('HMGET', key, 'lot', 'batch')
redis.call('HSET', key, 'finished', now_ms())
redis.call('HDEL', key, 'lot', 'lane', 'spec')
if redis.call('HGET', lot_key(request[1]), 'ids') == id then remove_lot(request[1]) end
announce(tenant, id, request[2])
return 1
