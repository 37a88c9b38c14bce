-- How requests and their keys go, whoever removes them. A request is a list here: its id, its lot, its key.
-- `keys` is what becomes of a key that was made for its request and that nobody else uses: 'keep' leaves one that was never
-- exported, whatever else is said lets it go.

-- The keys that go with their requests, as let_go_of_key would have it: asked before anything is written, for the audit says it first.
-- In their order, and as a set.
local function keys_that_go(tenant, requests, keys)
  local going = { ids = {}, has = {} }
  for _, request in ipairs(requests) do
    local id, key_id = request[1], request[3]
    if key_id == id and redis.call('EXISTS', uses_key(tenant, id)) == 0 and may_go(tenant, id, keys) then
      going.ids[#going.ids + 1] = id
      going.has[id] = true
    end
  end
  return going
end

local function leave_list(tenant, name, ids)
  if #ids > 0 then redis.call('ZREM', of_tenant(tenant, name), unpack(ids)) end
end

-- Removes records with their claims, and their keys; counts and lots are their caller's.
local function remove_records(tenant, requests, keys, going)
  local ids = {}
  for i, request in ipairs(requests) do
    local id, key_id = request[1], request[3]
    ids[i] = id
    local claim = of_tenant(tenant, 'claim:' .. id)
    if going.has[id] then
      redis.call('DEL', request_key(tenant, id), claim, key_key(tenant, id))
    else
      redis.call('DEL', request_key(tenant, id), claim)
      if key_id then let_go_of_key(tenant, key_id, id, keys) end
    end
  end
  leave_list(tenant, 'failed', ids)
  leave_list(tenant, 'keys', going.ids)
  leave_list(tenant, 'keys:unused', going.ids)
end

-- A lot that carries this request alone. Its number may have been given again since a crash that took Redis' last writes.
local function remove_own_lot(tenant, id, lot)
  if not lot then return end
  local record = redis.call('HMGET', lot_key(lot), 'tenant', 'ids')
  if record[1] == tenant and record[2] == id then remove_lot(lot) end
end

-- Ids in their order, as the audit names many of them: '17-140,142'.
local function in_ranges(ids)
  local ranges, first, last = {}, nil, nil
  local function close()
    if first then ranges[#ranges + 1] = first == last and first or first .. '-' .. last end
  end
  for _, id in ipairs(ids) do
    if last and tonumber(id) == tonumber(last) + 1 then
      last = id
    else
      close()
      first, last = id, id
    end
  end
  close()
  return table.concat(ranges, ',')
end

-- What retention removes is told of with its keys: they do not all go.
local function audit_expiry(tenant, actor, requests, key_ids)
  local ids = {}
  for i, request in ipairs(requests) do ids[i] = request[1] end
  audit(tenant, actor, 'request.delete', in_ranges(ids), string.format('%d removed', #ids))
  if #key_ids > 0 then
    audit(tenant, actor, 'key.delete', in_ranges(key_ids), string.format('%d removed', #key_ids))
  end
end
