-- Renews the lease of an intake. ARGV: tenant, batch, owner, lease in ms. Returns 1, or 0 where it is lost.
local tenant, batch, owner, lease = unpack(ARGV)
if not holds(tenant, batch, owner) then return 0 end
renew_lease(tenant, batch, lease)
return 1
