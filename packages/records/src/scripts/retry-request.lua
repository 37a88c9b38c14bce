-- Queues a failed request again: the same path id in a lot of its own. ARGV: tenant, id, priority.
-- Returns {lot, lane}, or nil where the request has not failed.
local tenant, id = ARGV[1], ARGV[2]
if not move(tenant, id, 'retry') then return false end
local key = request_key(tenant, id)
local request = redis.call('HMGET', key, 'lane', 'batch', 'lot')
-- The lot it died in has told what it had to tell.
if redis.call('HGET', lot_key(request[3]), 'ids') == id then remove_lot(request[3]) end
local lot = write_lot(tenant, request[1], ARGV[3], request[2], { id })
redis.call('HSET', key, 'lot', lot)
redis.call('HDEL', key, 'problem', 'started', 'finished')
redis.call('ZREM', of_tenant(tenant, 'failed'), id)
return { tostring(lot), request[1] }
