-- Destroys a key that no request uses. ARGV: tenant, id, SHA-256 of its SPKI in hex, who.
-- Returns 'deleted', 'in_use', or 'unknown' where there is none.
local tenant, id, hash = ARGV[1], ARGV[2], ARGV[3]
if redis.call('EXISTS', key_key(tenant, id)) == 0 then return 'unknown' end
if key_in_use(tenant, id) then return 'in_use' end
audit(tenant, ARGV[4], 'key.delete', id, 'done')
remove_key(tenant, id)
local marker = of_tenant(tenant, 'spki:' .. hash)
-- A generated key has none, and the same key may have been imported beside it.
if redis.call('GET', marker) == id then redis.call('DEL', marker) end
return 'deleted'
