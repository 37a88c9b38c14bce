-- Cancels or removes the next rows of a batch of which that was asked for. ARGV: tenant, batch.
-- Returns {'more'} | {'done'} | {'other'} where queue-block has to do it
local tenant, batch = ARGV[1], ARGV[2]
local key = batch_key(tenant, batch)
local change, actor, keys = unpack(redis.call('HMGET', key, 'change', 'change-by', 'change-keys'))
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

-- To list a key that is kept takes as long again.
local ids, at, rows = next_rows(tenant, batch, keys == 'keep' and 64 or 128)
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
local going = change == 'remove' and keys_that_go(tenant, taken, keys)
if #taken > 0 and keys then
  audit_expiry(tenant, actor, taken, going.ids)
elseif #taken > 0 then
  audit(tenant, actor, change == 'cancel' and 'request.cancel' or 'request.delete', table.concat(changed, ','), 'done')
end

local function cancel(id)
  -- As cancel-request does it: the spec may hold a challenge password.
  redis.call('HDEL', request_key(tenant, id), 'lot', 'lane', 'spec')
  redis.call('HSET', request_key(tenant, id), 'state', to, 'finished', now)
end

for _, request in ipairs(taken) do
  if request[2] then lots[request[2]] = true end
  if change == 'cancel' then cancel(request[1]) end
end
if change == 'cancel' then leave_list(tenant, 'failed', changed) else remove_records(tenant, taken, keys, going) end
for _, id in ipairs(left) do redis.call('DEL', request_key(tenant, id)) end
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
