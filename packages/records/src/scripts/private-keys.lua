-- Private keys and who uses them. The request that a key was made for has the key's id; every other one is in its uses.

-- Whether a request that is not deleted points at a key.
local function key_in_use(tenant, id)
  if redis.call('EXISTS', uses_key(tenant, id)) == 1 then return true end
  local own = redis.call('HGET', request_key(tenant, id), 'state')
  return own and own ~= 'deleted'
end

local function list_key(tenant, id) redis.call('ZADD', of_tenant(tenant, 'keys'), id, id) end

local function list_unused_key(tenant, id)
  list_key(tenant, id)
  redis.call('ZADD', of_tenant(tenant, 'keys:unused'), id, id)
end

local function remove_key(tenant, id)
  redis.call('DEL', key_key(tenant, id), uses_key(tenant, id))
  redis.call('ZREM', of_tenant(tenant, 'keys'), id)
  redis.call('ZREM', of_tenant(tenant, 'keys:unused'), id)
end

local function use_key(tenant, key_id, id)
  redis.call('SADD', uses_key(tenant, key_id), id)
  redis.call('ZREM', of_tenant(tenant, 'keys:unused'), key_id)
end

-- Whether a key that was made for a request may go with it. `keys` 'keep': only if its owner has it, for it was exported.
local function may_go(tenant, id, keys)
  local keep, exported = unpack(redis.call('HMGET', key_key(tenant, id), 'keep', 'exported'))
  return not keep and (keys ~= 'keep' or exported)
end

-- A request that is deleted lets go of its key. One that was made for it goes with it, unless it is to be kept or another
-- request uses it: then it is listed, so that its owner can find and delete it.
local function let_go_of_key(tenant, key_id, id, keys)
  redis.call('SREM', uses_key(tenant, key_id), id)
  if redis.call('EXISTS', key_key(tenant, key_id)) == 0 then return end
  if key_in_use(tenant, key_id) then
    list_key(tenant, key_id)
  elseif key_id == id and may_go(tenant, id, keys) then
    remove_key(tenant, id)
  else
    list_unused_key(tenant, key_id)
  end
end

-- Its owner has it from now on.
local function note_exported(tenant, id)
  if redis.call('EXISTS', key_key(tenant, id)) == 1 then redis.call('HSET', key_key(tenant, id), 'exported', now_text()) end
end

-- What the API sees of a key: never what is sealed. False where there is none.
local function view_key(tenant, id)
  local key = redis.call('HMGET', key_key(tenant, id), 'algorithm', 'spki', 'custody', 'origin', 'created', 'name')
  if not key[1] then return false end
  local unused = redis.call('ZSCORE', of_tenant(tenant, 'keys:unused'), id)
  return { id, unused and 0 or 1, unpack(key) }
end
