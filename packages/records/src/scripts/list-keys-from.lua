-- The listed keys below an id, newest first. ARGV: tenant, 'all', 'unused' or 'used', an id or '' for the newest, how many.
-- Returns {id to go on below or '', then views}. Of the used ones there may be fewer: at most 1,000 keys are looked at.
local tenant, which, before, limit = ARGV[1], ARGV[2], ARGV[3], tonumber(ARGV[4])
local unused = of_tenant(tenant, 'keys:unused')
local index = which == 'unused' and unused or of_tenant(tenant, 'keys')
local most = which == 'used' and 1000 or limit
local from = before == '' and '+inf' or '(' .. before
-- One more than are looked at tells whether there are more.
local ids = redis.call('ZRANGE', index, from, '-inf', 'BYSCORE', 'REV', 'LIMIT', 0, most + 1)
local reply = { '' }
for i, id in ipairs(ids) do
  if i > most or #reply > limit then
    reply[1] = ids[i - 1]
    break
  end
  local view = not (which == 'used' and redis.call('ZSCORE', unused, id)) and view_key(tenant, id)
  if view then reply[#reply + 1] = view end
end
return reply
