-- Batches: a request of one has the field `batch`. Its rows lie in blocks of 256 ids in a row, of which `blocks` says the first.

local block_size = 256

local function name_of(tenant, batch) return tenant .. ' ' .. batch end

local function announce_batch(tenant, batch)
  redis.call('PUBLISH', settled_channel, tenant .. ' batch:' .. batch)
end

-- Whether this owner takes the batch in. Whoever went on with it since, or the sweep after the end of the lease, has taken it
-- from the one before.
local function holds(tenant, batch, owner)
  local record = redis.call('HMGET', batch_key(tenant, batch), 'state', 'owner')
  return record[1] == 'taking' and record[2] == owner
end

local function renew_lease(tenant, batch, lease)
  redis.call('ZADD', intakes_key, now_ms() + tonumber(lease), name_of(tenant, batch))
end

-- From here on the sweep does what is to be done to all of it, where nobody else does. `keys`: of what retention removes.
local function begin_change(tenant, batch, change, actor, keys)
  redis.call('HSET', batch_key(tenant, batch), 'change', change, 'change-at', 0, 'change-by', actor)
  if keys then redis.call('HSET', batch_key(tenant, batch), 'change-keys', keys) end
  redis.call('SADD', changing_batches_key, name_of(tenant, batch))
end

local function end_change(tenant, batch)
  redis.call('HDEL', batch_key(tenant, batch), 'change', 'change-at', 'change-by', 'change-keys')
  redis.call('SREM', changing_batches_key, name_of(tenant, batch))
end

-- What is removed is found no more at once, and keeps no place.
local function begin_removal(tenant, batch, actor, keys)
  local key = batch_key(tenant, batch)
  redis.call('HSET', key, 'state', 'deleting')
  redis.call('HDEL', key, 'owner')
  redis.call('ZREM', of_tenant(tenant, 'batches'), batch)
  redis.call('ZREM', of_tenant(tenant, 'batches:open'), batch)
  redis.call('ZREM', intakes_key, name_of(tenant, batch))
  begin_change(tenant, batch, 'remove', actor, keys)
  announce_batch(tenant, batch)
end

-- An intake ends before all is in: what is there of a partial batch stays, and the same call goes on with it; of an atomic one
-- nothing was promised, and the same call begins anew.
local function break_intake(tenant, batch, actor)
  local key = batch_key(tenant, batch)
  local mode, once = unpack(redis.call('HMGET', key, 'mode', 'once'))
  if mode == 'atomic' then
    if once then redis.call('DEL', idem_key(tenant, once)) end
    begin_removal(tenant, batch, actor)
    return
  end
  redis.call('HSET', key, 'state', 'broken')
  redis.call('HDEL', key, 'owner')
  redis.call('ZREM', intakes_key, name_of(tenant, batch))
  settle_batch(tenant, batch)
  announce_batch(tenant, batch)
end

-- The rows that a change comes to next, at most `most` and all of one block. Nil where none are left.
local function next_rows(tenant, batch, most)
  local record = redis.call('HMGET', batch_key(tenant, batch), 'change-at', 'rows')
  local at, rows = tonumber(record[1]), tonumber(record[2])
  if at >= rows then return nil end
  local offset = at % block_size
  local block = redis.call('HGET', blocks_key(tenant, batch), string.format('%d', (at - offset) / block_size))
  local first = tonumber(string.match(block, '^%d+')) + offset
  local count = math.min(most, block_size - offset, rows - at)
  local ids = {}
  for i = 1, count do ids[i] = string.format('%d', first + i - 1) end
  return ids, at + count, rows
end

-- Queues failed requests that lay in one lot again, in a lot of their own: it was made to take about 250 ms. Gives that lot; the
-- moves are the caller's to count.
local function requeue(tenant, old, lane, priority, batch, ids)
  -- One that was set aside has told what it had to tell.
  if redis.call('HGET', lot_key(old), 'ids') == ids[1] then remove_lot(old) end
  local lot = write_lot(tenant, lane, priority, batch, ids)
  for _, id in ipairs(ids) do
    redis.call('HSET', request_key(tenant, id), 'state', transitions.retry.to, 'lot', lot)
    redis.call('HDEL', request_key(tenant, id), 'problem', 'started', 'finished')
    redis.call('ZREM', of_tenant(tenant, 'failed'), id)
  end
  return lot
end
