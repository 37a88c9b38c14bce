-- Stops a request that is not made yet; it stays visible, and points at its key. ARGV: tenant, id.
-- Returns 1, or 0 where it is not queued.
local tenant, id = ARGV[1], ARGV[2]
local key = request_key(tenant, id)
local request = redis.call('HMGET', key, 'lot', 'batch', 'spec')
local spec = request[3] and cjson.decode(request[3])
if not move(tenant, id, 'cancel') then return 0 end

-- The spec may hold a challenge password. Of it remains what a list shows.
redis.call('HDEL', key, 'lot', 'lane', 'spec')
redis.call('HSET', key, 'finished', now_ms(), 'algorithm', spec.key.algorithm)
for _, rdn in ipairs(spec.subject) do
  for _, attribute in ipairs(rdn) do
    if attribute.type == 'CN' then redis.call('HSETNX', key, 'commonName', attribute.value) end
  end
end
if redis.call('HGET', lot_key(request[1]), 'ids') == id then remove_lot(request[1]) end
announce(tenant, id, request[2])
return 1
