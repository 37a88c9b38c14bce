-- Stores a seal, unless another was stored since `before` was read, and removes what the seal says is let go.
-- ARGV: tenant, id of the newest seal in its stream ('0-0' for none), seal, its records, id of the last entry that it covers,
-- id of the last entry to be removed or '', id of the last seal to be removed or ''. Returns 1, or 0 where nothing was done.
local tenant, before, seal, records, last, entries_to, seals_to = unpack(ARGV)
local seals, entries = of_tenant(tenant, 'audit-seals'), of_tenant(tenant, 'audit')
local newest = redis.call('XREVRANGE', seals, '+', '-', 'COUNT', 1)[1]
if (newest and newest[1] or '0-0') ~= before then return 0 end
redis.call('XADD', seals, '*', 'seal', seal, 'records', records)
if entries_to ~= '' then
  local after = string.gsub(entries_to, '%d+$', function(sequence) return string.format('%d', sequence + 1) end)
  redis.call('XTRIM', entries, 'MINID', '=', after)
end
if seals_to ~= '' then
  local after = string.gsub(seals_to, '%d+$', function(sequence) return string.format('%d', sequence + 1) end)
  redis.call('XTRIM', seals, 'MINID', '=', after)
end
local newest_entry = redis.call('XREVRANGE', entries, '+', '-', 'COUNT', 1)[1]
if not newest_entry or newest_entry[1] == last then redis.call('SREM', audit_unsealed_key, tenant) end
return 1
