-- Writes or removes one entry of a tenant's list of users and tokens: this is the moment from which a credential counts, or
-- counts no more, and in which every process is told. ARGV: tenant, field, the entry as it was read ('' for none), as it is to
-- be ('' for none), most entries, what is told of it, the first tenant, who, action and ids for the audit, once and digest of
-- the call.
-- Returns {'again', id}, {'other_body'}, {'done'}, {'changed'} where the entry is not as it was read, {'full'}, or {'last', role} where no user with that
-- role would be left, and one has to be.
local tenant, field, before, after, most = ARGV[1], ARGV[2], ARGV[3], ARGV[4], tonumber(ARGV[5])
local told, first_tenant = ARGV[6], ARGV[7]
local actor, action, ids, once, digest = unpack(ARGV, 8, 12)
local principals = of_tenant(tenant, 'principals')

-- What nobody could give again: of every tenant its administrator, of the first also who runs the installation.
local kept = { 'admin' }
if tenant == first_tenant then kept = { 'admin', 'operate', 'tenants' } end

local function roles_of(name, entry)
  local held = {}
  -- A token is no user: it cannot log in, and expires.
  if string.sub(name, 1, 5) ~= 'user:' or entry == '' then return held end
  for _, role in ipairs(cjson.decode(entry).roles) do held[role] = true end
  return held
end

-- A role to be kept that this change takes from the last user who holds it; nil where there is none.
local function last_role()
  local had, has, lost = roles_of(field, before), roles_of(field, after), {}
  for _, role in ipairs(kept) do
    if had[role] and not has[role] then lost[role] = true end
  end
  if not next(lost) then return nil end
  for name, entry in pairs(read_hash(principals)) do
    if name ~= field then
      for role in pairs(roles_of(name, entry)) do lost[role] = nil end
      if not next(lost) then return nil end
    end
  end
  for _, role in ipairs(kept) do
    if lost[role] then return role end
  end
end

local earlier = earlier_call(tenant, once, digest)
if earlier then return earlier end
if (redis.call('HGET', principals, field) or '') ~= before then return { 'changed' } end
if before == '' and redis.call('HLEN', principals) >= most then return { 'full' } end
local last = last_role()
if last then return { 'last', last } end
audit(tenant, actor, action, ids, 'done')
keep_call(tenant, once, digest, ids)
if after == '' then
  redis.call('HDEL', principals, field)
  local token = string.match(field, '^token:(.*)$')
  if token then redis.call('HDEL', of_tenant(tenant, 'token-uses'), token) end
else
  redis.call('HSET', principals, field, after)
end
-- In the same step, so that no process goes on with what it has cached, whatever becomes of the one that asked for this.
redis.call('PUBLISH', accounts_channel, told)
return { 'done' }
