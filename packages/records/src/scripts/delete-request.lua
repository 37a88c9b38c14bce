-- Removes a request, from any state, and lets go of its key. ARGV: tenant, id, who. Returns 1, or 0 where there is none.
local tenant, id = ARGV[1], ARGV[2]
local key = request_key(tenant, id)
local request = redis.call('HMGET', key, 'lot', 'batch', 'key')
local lot, batch, key_id = request[1], request[2], request[3]
if not may_move(tenant, id, 'delete') then return 0 end
audit(tenant, ARGV[3], 'request.delete', id, 'done')
move(tenant, id, 'delete')

redis.call('DEL', key)
redis.call('HSET', key, 'state', 'deleted')
if batch then redis.call('HSET', key, 'batch', batch) else redis.call('EXPIRE', key, 86400) end
redis.call('DEL', of_tenant(tenant, 'claim:' .. id))
redis.call('ZREM', of_tenant(tenant, 'failed'), id)
remove_own_lot(tenant, id, lot)
if key_id then let_go_of_key(tenant, key_id, id) end
announce(tenant, id, batch)
return 1
