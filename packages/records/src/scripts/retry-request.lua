-- Queues a failed request again: the same path id in a lot of its own. ARGV: tenant, id, priority,
-- who, once and digest of the call.
-- Returns {'queued', lot, lane} | {'again'} | {'other_body'} | {'not_failed'}
local tenant, id = ARGV[1], ARGV[2]
local actor, once, digest = ARGV[4], ARGV[5], ARGV[6]
local earlier = earlier_call(tenant, once, digest)
if earlier then return earlier end
if not may_move(tenant, id, 'retry') then return { 'not_failed' } end
audit(tenant, actor, 'request.retry', id, 'done')
keep_call(tenant, once, digest, id)
move(tenant, id, 'retry')
local key = request_key(tenant, id)
local request = redis.call('HMGET', key, 'lane', 'batch', 'lot')
-- The lot it died in has told what it had to tell.
if redis.call('HGET', lot_key(request[3]), 'ids') == id then remove_lot(request[3]) end
local lot = write_lot(tenant, request[1], ARGV[3], request[2], { id })
redis.call('HSET', key, 'lot', lot)
redis.call('HDEL', key, 'problem', 'started', 'finished')
redis.call('ZREM', of_tenant(tenant, 'failed'), id)
return { 'queued', tostring(lot), request[1] }
