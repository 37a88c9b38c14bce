-- Removes the next single requests of a tenant that were settled so long ago.
-- Ids are walked up, once: `next` in the tenant's `retention` is the one to go on with. Below it are left those in `retention:later`,
-- which had to stay and are looked at again each time, and rows of batches, which go with their batch.
-- ARGV: tenant, age in ms, 'keep' or 'delete' for keys that were never exported, who, how far those that had to stay are looked
--   at: '0' to begin with, 'walk' when they were.
-- Returns {how far, or 'done', how many were removed, how many keys with them}
local tenant, age, keys, actor, from = unpack(ARGV)
-- To list a key that is kept takes as long again.
local most_looked, most_removed = 250, keys == 'keep' and 50 or 100
local state_key, later_key = of_tenant(tenant, 'retention'), of_tenant(tenant, 'retention:later')
local now = now_ms()
local due = now - tonumber(age)
local looked, expired, moves = 0, {}, new_moves()

local is_batch = {}
local function has_batch(batch)
  if is_batch[batch] == nil then is_batch[batch] = redis.call('EXISTS', batch_key(tenant, batch)) == 1 end
  return is_batch[batch]
end

-- 'expired', 'later', 'young', or 'none' where there is nothing that could ever expire by itself.
local function judge(id)
  looked = looked + 1
  local state, created, finished, batch, lot, key_id =
    unpack(redis.call('HMGET', request_key(tenant, id), 'state', 'created', 'finished', 'batch', 'lot', 'key'))
  if not state or state == 'deleted' then return 'none' end
  created = tonumber(created or '0')
  -- One from the future has the time of a clock that was wrong; it must not hold up those after it.
  if created > due and created <= now then return 'young' end
  if batch and has_batch(batch) then return 'none' end
  if not may_leave(state, 'expire') or tonumber(finished or now) > due then return 'later' end
  expired[#expired + 1] = { id, lot, key_id }
  count_move(moves, batch, state, transitions.expire.to)
  return 'expired'
end

local function is_enough() return looked >= most_looked or #expired >= most_removed end

local done_with = {}
local function look_again()
  local ids = redis.call('ZRANGE', later_key, '(' .. from, '+inf', 'BYSCORE', 'LIMIT', 0, most_looked)
  for _, id in ipairs(ids) do
    if is_enough() then return from end
    local is = judge(id)
    if is == 'expired' or is == 'none' then done_with[#done_with + 1] = id end
    from = id
  end
  return #ids < most_looked and 'walk' or from
end

local later, reached = {}, nil
local function walk_up()
  local ids = read_hash(of_tenant(tenant, 'next-id'))
  local id, last = tonumber(redis.call('HGET', state_key, 'next') or '1'), tonumber(ids.next or '1') - 1
  local began = id
  while id <= last and not is_enough() do
    local gap_end = ids[string.format('gap:%d', id)]
    if gap_end then
      id = tonumber(gap_end) + 1
    else
      local text = string.format('%d', id)
      local is = judge(text)
      -- Those after it were made later still.
      if is == 'young' then
        last = id - 1
        break
      end
      if is == 'later' then later[#later + 1] = text end
      id = id + 1
    end
  end
  if id > began then reached = string.format('%d', id) end
  return id > last and 'done' or 'walk'
end

local goes_on = from == 'walk' and walk_up() or from ~= 'walk' and look_again()
local going = keys_that_go(tenant, expired, keys)
if #expired > 0 then audit_expiry(tenant, actor, expired, going.ids) end
if reached then redis.call('HSET', state_key, 'next', reached) end
for _, id in ipairs(later) do redis.call('ZADD', later_key, id, id) end
leave_list(tenant, 'retention:later', done_with)
for _, request in ipairs(expired) do remove_own_lot(tenant, request[1], request[2]) end
remove_records(tenant, expired, keys, going)
write_moves(tenant, moves)
return { goes_on, #expired, #going.ids }
