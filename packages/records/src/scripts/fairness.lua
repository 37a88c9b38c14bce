-- Whose turn it is in a lane, by start-time fair queueing: tenants share it evenly, however many batches they split their work
-- into. A lot of a batch (a bulk lot) has a priority of 1 and more, which BullMQ takes from the lowest up; single requests have
-- 0 and go before all of them. A tenant's next tag is one after its last or one after the lane's virtual time, whichever is
-- later: who comes anew begins where the others are. Virtual time is the tag of the lot that was started last.

-- The highest priority that BullMQ takes. Lots that are given it go by age.
local last_tag = 2097151

local function tag_of(tenant) return 'tag:' .. tenant end

-- The priority of a tenant's next bulk lot.
local function next_tag(tenant, lane)
  local key = tags_key(lane)
  local known = redis.call('HMGET', key, 'time', tag_of(tenant))
  local tag = math.min(math.max(tonumber(known[1] or '0'), tonumber(known[2] or '0')) + 1, last_tag)
  redis.call('HSET', key, tag_of(tenant), tag)
  return tag
end

-- A bulk lot that is recorded counts, whether its job was added or not.
local function enter_lane(lane, priority)
  if tonumber(priority) > 0 then redis.call('HINCRBY', tags_key(lane), 'lots', 1) end
end

-- With its last bulk lot a lane forgets its tags, and begins with 1.
local function leave_lane(lane, priority)
  if not lane or tonumber(priority) == 0 then return end
  if redis.call('HINCRBY', tags_key(lane), 'lots', -1) <= 0 then redis.call('DEL', tags_key(lane)) end
end

local function pass_time(lane, priority)
  local tag = tonumber(priority)
  if tag == 0 then return end
  if tag > tonumber(redis.call('HGET', tags_key(lane), 'time') or '0') then
    redis.call('HSET', tags_key(lane), 'time', tag)
  end
end
