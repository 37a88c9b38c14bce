-- Releases or retries the next rows of a batch of which that was asked for. ARGV: tenant, batch.
-- Returns {'more' or 'done', then lot, lane, priority of each that is to be queued}
local tenant, batch = ARGV[1], ARGV[2]
local key = batch_key(tenant, batch)
local change, actor = unpack(redis.call('HMGET', key, 'change', 'change-by'))
if change ~= 'release' and change ~= 'retry' then return { change and 'more' or 'done' } end
local to = transitions[change].to

local function finish()
  if change == 'release' then redis.call('HSET', key, 'state', 'taken') end
  end_change(tenant, batch)
  settle_batch(tenant, batch)
  announce_batch(tenant, batch)
  return 'done'
end

local ids, at, rows = next_rows(tenant, batch, block_size)
if not ids then return { finish() } end

-- By the lot that they lay in: it was made to take about 250 ms.
local moves, by_lot, order, changed = new_moves(), {}, {}, {}
for _, id in ipairs(ids) do
  local request = redis.call('HMGET', request_key(tenant, id), 'state', 'lot', 'lane', 'batch')
  if may_leave(request[1], change) and request[4] == batch then
    local lot = request[2]
    if not by_lot[lot] then
      by_lot[lot] = { lane = request[3] }
      order[#order + 1] = lot
    end
    table.insert(by_lot[lot], id)
    changed[#changed + 1] = id
    count_move(moves, batch, request[1], to)
  end
end
if #changed > 0 then
  audit(tenant, actor, change == 'retry' and 'request.retry' or 'request.release', table.concat(changed, ','), 'done')
end

local reply = {}
local function add_ticket(lot, lane, priority)
  for _, part in ipairs({ tostring(lot), lane, tostring(priority) }) do reply[#reply + 1] = part end
end

local function release(lot, of_lot)
  local priority = next_tag(tenant, of_lot.lane)
  release_lot(lot, of_lot.lane, priority)
  for _, id in ipairs(of_lot) do redis.call('HSET', request_key(tenant, id), 'state', to) end
  add_ticket(lot, of_lot.lane, priority)
end

local function retry(old, of_lot)
  local priority = next_tag(tenant, of_lot.lane)
  add_ticket(requeue(tenant, old, of_lot.lane, priority, batch, of_lot), of_lot.lane, priority)
end

for _, lot in ipairs(order) do
  if change == 'release' then release(lot, by_lot[lot]) else retry(lot, by_lot[lot]) end
end
write_moves(tenant, moves)
redis.call('HSET', key, 'change-at', at)
announce_batch(tenant, batch)
return { at >= rows and finish() or 'more', unpack(reply) }
