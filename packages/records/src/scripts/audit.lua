-- The audit of a tenant: a stream with one entry for each change and for each look at what is delicate.

-- Writes an entry. Call it before the first write of what it tells: where it cannot be written, nothing is changed.
local function audit(tenant, actor, action, ids, outcome)
  redis.call('XADD', of_tenant(tenant, 'audit'), '*', 'actor', actor, 'action', action, 'ids', ids, 'outcome', outcome)
  redis.call('SADD', audit_unsealed_key, tenant)
end
