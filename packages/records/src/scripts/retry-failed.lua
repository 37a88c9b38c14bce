-- Queues those of a tenant's failed requests again that failed with one code, from the newest down. Each keeps its path id; they
-- wait with the work of batches, for they may be many.
-- ARGV: tenant, code, the id below which it begins or '', how many to look at, who.
-- Returns {id below which it goes on or '', how many were queued, then lot, lane, priority of each lot}
local tenant, code, below, limit, actor = unpack(ARGV)
local from = below == '' and '+inf' or '(' .. below
local ids = redis.call('ZRANGE', of_tenant(tenant, 'failed'), from, '-inf', 'BYSCORE', 'REV', 'LIMIT', 0, limit)

local moves, by_lot, order, changed, batches = new_moves(), {}, {}, {}, {}
for _, id in ipairs(ids) do
  local request = redis.call('HMGET', request_key(tenant, id), 'state', 'lot', 'lane', 'batch', 'problem')
  local state, lot, lane, batch, problem = unpack(request)
  if may_leave(state, 'retry') and cjson.decode(problem).code == code then
    if not by_lot[lot] then
      by_lot[lot] = { lane = lane, batch = batch }
      order[#order + 1] = lot
    end
    table.insert(by_lot[lot], id)
    changed[#changed + 1] = id
    if batch then batches[batch] = true end
    count_move(moves, batch, state, transitions.retry.to)
  end
end
if #changed > 0 then audit(tenant, actor, 'request.retry', table.concat(changed, ','), 'done') end

local reply = { #ids < tonumber(limit) and '' or ids[#ids], tostring(#changed) }
for _, old in ipairs(order) do
  local of_lot = by_lot[old]
  local priority = next_tag(tenant, of_lot.lane)
  local lot = requeue(tenant, old, of_lot.lane, priority, of_lot.batch, of_lot)
  for _, part in ipairs({ tostring(lot), of_lot.lane, tostring(priority) }) do reply[#reply + 1] = part end
end
write_moves(tenant, moves)
for batch in pairs(batches) do announce_batch(tenant, batch) end
return reply
