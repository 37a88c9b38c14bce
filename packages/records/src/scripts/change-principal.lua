-- Writes or removes one entry of a tenant's list of users and tokens: this is the moment from which a credential counts, or
-- counts no more. ARGV: tenant, field, the entry as it was read ('' for none), as it is to be ('' for none), most entries.
-- Returns 'done', 'changed' where the entry is not as it was read, 'full', or 'last' where no user with the role admin would
-- be left.
local principals = of_tenant(ARGV[1], 'principals')
local field, before, after, most = ARGV[2], ARGV[3], ARGV[4], tonumber(ARGV[5])

local function is_administrator(name, entry)
  if string.sub(name, 1, 5) ~= 'user:' or entry == '' then return false end
  for _, role in ipairs(cjson.decode(entry).roles) do
    if role == 'admin' then return true end
  end
  return false
end

local function another_administrator()
  local entries = read_hash(principals)
  for name, entry in pairs(entries) do
    if name ~= field and is_administrator(name, entry) then return true end
  end
  return false
end

if (redis.call('HGET', principals, field) or '') ~= before then return 'changed' end
if before == '' and redis.call('HLEN', principals) >= most then return 'full' end
if is_administrator(field, before) and not is_administrator(field, after) and not another_administrator() then
  return 'last'
end
if after == '' then
  redis.call('HDEL', principals, field)
  local token = string.match(field, '^token:(.*)$')
  if token then redis.call('HDEL', of_tenant(ARGV[1], 'token-uses'), token) end
else
  redis.call('HSET', principals, field, after)
end
return 'done'
