-- Hands an errand in. ARGV: tenant, kind ('export' of one key, 'exports' of several, or 'verify'), id, input, ids that it is about, who, name of the call.
-- Returns {'created', lot} | {'key_not_found'} | {'not_exportable'}
local tenant, kind, id, input, about, actor, call = unpack(ARGV)
if kind == 'export' then
  local custody = redis.call('HGET', key_key(tenant, about), 'custody')
  if not custody then return { 'key_not_found' } end
  if custody ~= 'exportable' then return { 'not_exportable' } end
end
audit(tenant, actor, kind == 'verify' and 'audit.verify' or 'key.export', about, 'asked')
local key = errand_key(tenant, kind, id)
redis.call('HSET', key, 'state', 'queued', 'input', input, 'about', about, 'call', call)
redis.call('EXPIRE', key, errand_waits)
local lot = write_any_lot(kind, tenant, 'fast', 0, '')
redis.call('HSET', lot_key(lot), 'errand', id)
return { 'created', tostring(lot) }
