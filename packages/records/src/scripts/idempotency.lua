-- What became of calls that carried an Idempotency-Key, for 24 hours. `once` is a hash of who called what with which key, or ''.

-- What an earlier call with the same key has made: {'again', id}, or {'other_body'} where it asked for something else.
local function earlier_call(tenant, once, digest)
  if once == '' then return nil end
  local kept = redis.call('GET', idem_key(tenant, once))
  if not kept then return nil end
  local known, id = string.match(kept, '^(%S+) (.*)$')
  if known ~= digest then return { 'other_body' } end
  return { 'again', id }
end

local function keep_call(tenant, once, digest, id)
  if once ~= '' then redis.call('SET', idem_key(tenant, once), digest .. ' ' .. id, 'EX', 86400) end
end
