-- Why a tenant's requests failed, from the newest down. ARGV: tenant, the id below which it begins or '', how many.
-- Returns {id below which it goes on or '', then id, code of each}
local tenant, below, limit = unpack(ARGV)
local from = below == '' and '+inf' or '(' .. below
local ids = redis.call('ZRANGE', of_tenant(tenant, 'failed'), from, '-inf', 'BYSCORE', 'REV', 'LIMIT', 0, limit)
local reply = { #ids < tonumber(limit) and '' or ids[#ids] }
for _, id in ipairs(ids) do
  local problem = redis.call('HGET', request_key(tenant, id), 'problem')
  if problem then
    reply[#reply + 1] = id
    reply[#reply + 1] = cjson.decode(problem).code
  end
end
return reply
