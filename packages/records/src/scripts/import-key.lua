-- Records a key of someone else's making. ARGV: tenant, id, algorithm, SPKI (DER), its SHA-256 in hex, sealed private key,
-- custody, name or '', who, once and digest of the call.
-- Returns {'imported', when} | {'again', id} | {'other_body'} | {'known', id} where the tenant has imported the same key before.
local tenant, id, algorithm, spki, hash, sealed, custody, name, actor, once, digest = unpack(ARGV)
local earlier = earlier_call(tenant, once, digest)
if earlier then return earlier end
local marker = of_tenant(tenant, 'spki:' .. hash)
local known = redis.call('GET', marker)
if known then return { 'known', known } end

-- The id was taken for this key a moment ago. One that a crash of Redis has made free again would be given once more.
local next_id = tonumber(redis.call('HGET', of_tenant(tenant, 'next-id'), 'next') or '1')
if tonumber(id) >= next_id or redis.call('EXISTS', request_key(tenant, id), key_key(tenant, id), batch_key(tenant, id)) > 0 then
  return redis.error_reply('IDTAKEN ' .. id .. ' is not free for this key')
end

audit(tenant, actor, 'key.import', id, 'done')
keep_call(tenant, once, digest, id)
local now = now_ms()
redis.call('HSET', key_key(tenant, id), 'algorithm', algorithm, 'spki', spki, 'sealed', sealed, 'custody', custody,
  'origin', 'imported', 'created', now)
if name ~= '' then redis.call('HSET', key_key(tenant, id), 'name', name) end
redis.call('SET', marker, id)
list_unused_key(tenant, id)
return { 'imported', now }
