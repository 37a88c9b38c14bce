-- A page of the listed keys, newest first. ARGV: tenant, 'all' or 'unused', offset, how many. Returns {total, then views}.
local tenant, which, offset, limit = ARGV[1], ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4])
local index = of_tenant(tenant, which == 'unused' and 'keys:unused' or 'keys')
local reply = { redis.call('ZCARD', index) }
for _, id in ipairs(redis.call('ZRANGE', index, offset, offset + limit - 1, 'REV')) do
  local view = view_key(tenant, id)
  if view then reply[#reply + 1] = view end
end
return reply
