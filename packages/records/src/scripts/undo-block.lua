-- Cancels or removes the next rows of a batch of which that was asked for. ARGV: tenant, batch.
-- Returns {'more'} | {'done'} | {'other'} where queue-block has to do it
local tenant, batch = ARGV[1], ARGV[2]
local key = batch_key(tenant, batch)
local change, actor = unpack(redis.call('HMGET', key, 'change', 'change-by'))
if not change then
  redis.call('SREM', changing_batches_key, name_of(tenant, batch))
  return { 'done' }
end
if change ~= 'cancel' and change ~= 'remove' then return { 'other' } end
local transition = change == 'cancel' and 'withdraw' or 'remove'
local to = transitions[transition].to

local function finish()
  end_change(tenant, batch)
  if change == 'cancel' then
    settle_batch(tenant, batch)
  else
    -- Freed in the background: a million rejects take longer than Redis may stand still.
    redis.call('UNLINK', key, blocks_key(tenant, batch), rejected_key(tenant, batch))
  end
  announce_batch(tenant, batch)
  return { 'done' }
end

local ids, at, rows = next_rows(tenant, batch, 128)
if not ids then return finish() end

local moves, lots, taken, changed, left, now = new_moves(), {}, {}, {}, {}, now_text()
for _, id in ipairs(ids) do
  local request = redis.call('HMGET', request_key(tenant, id), 'state', 'lot', 'key', 'batch')
  if may_leave(request[1], transition) and request[4] == batch then
    taken[#taken + 1] = { id, request[2], request[3] }
    changed[#changed + 1] = id
    count_move(moves, batch, request[1], to)
  elseif change == 'remove' and request[1] == 'deleted' and request[4] == batch then
    -- What a single DELETE left of it.
    left[#left + 1] = id
  end
end
if #taken > 0 then
  audit(tenant, actor, change == 'cancel' and 'request.cancel' or 'request.delete', table.concat(changed, ','), 'done')
end

local function cancel(id)
  -- As cancel-request does it: the spec may hold a challenge password.
  redis.call('HDEL', request_key(tenant, id), 'lot', 'lane', 'spec')
  redis.call('HSET', request_key(tenant, id), 'state', to, 'finished', now)
end

-- As let_go_of_key does it, with less to ask for a key that was made for its request and that nobody else uses.
local function is_made_for(id)
  return redis.call('EXISTS', uses_key(tenant, id)) == 0 and not redis.call('HGET', key_key(tenant, id), 'keep')
end

local without_key = {}
local function remove(id, key_id)
  local claim = of_tenant(tenant, 'claim:' .. id)
  if key_id == id and is_made_for(id) then
    redis.call('DEL', request_key(tenant, id), claim, key_key(tenant, id))
    without_key[#without_key + 1] = id
  else
    redis.call('DEL', request_key(tenant, id), claim)
    if key_id then let_go_of_key(tenant, key_id, id) end
  end
end

for _, id in ipairs(left) do redis.call('DEL', request_key(tenant, id)) end
for _, request in ipairs(taken) do
  local id, lot, key_id = unpack(request)
  if lot then lots[lot] = true end
  if change == 'cancel' then cancel(id) else remove(id, key_id) end
end
local function leave_list(name, list)
  if #list > 0 then redis.call('ZREM', of_tenant(tenant, name), unpack(list)) end
end
leave_list('failed', changed)
leave_list('keys', without_key)
leave_list('keys:unused', without_key)
write_moves(tenant, moves)
-- With the last that waits in it goes the lot. One that was set aside goes with its request.
for lot in pairs(lots) do
  local record = redis.call('HMGET', lot_key(lot), 'tenant', 'batch', 'ids')
  if record[1] == tenant and record[2] == batch and #waiting_of(tenant, record[3], lot) == 0 then remove_lot(lot) end
end
redis.call('HSET', key, 'change-at', at)
if at >= rows then return finish() end
announce_batch(tenant, batch)
return { 'more' }
