-- Milliseconds since the epoch, by the clock of Redis: the processes of an installation need not agree on theirs.
local function now_ms()
  local time = redis.call('TIME')
  return time[1] * 1000 + math.floor(time[2] / 1000)
end

-- The same as text: Redis takes a microsecond to write a number of a script down, and a lot has three times for each request.
local function now_text() return string.format('%d', now_ms()) end

-- How many requests of a tenant, and of each of its batches, are in which state. What moves in one script is gathered and
-- written once: a lot of 128 is one change of a count.

local function new_moves() return { all = {}, of_batch = {} } end

local function count_in(counts, from, to)
  if from then counts[from] = (counts[from] or 0) - 1 end
  counts[to] = (counts[to] or 0) + 1
end

-- From nil for one that is new.
local function count_move(moves, batch, from, to)
  count_in(moves.all, from, to)
  if not batch then return end
  if not moves.of_batch[batch] then moves.of_batch[batch] = {} end
  count_in(moves.of_batch[batch], from, to)
end

-- A batch is open while it is taken in and while something of it waits: it is in the list of those, or has the time when that
-- was over.
local function settle_batch(tenant, batch)
  local key = batch_key(tenant, batch)
  local state, queued, parked, settled = unpack(redis.call('HMGET', key, 'state', 'queued', 'parked', 'settled'))
  if not state or state == 'deleting' then return end
  local is_open = state == 'taking' or state == 'releasing' or tonumber(queued or '0') + tonumber(parked or '0') > 0
  if is_open and settled then
    redis.call('HDEL', key, 'settled')
    redis.call('ZADD', of_tenant(tenant, 'batches:open'), batch, batch)
  elseif not is_open and not settled then
    redis.call('HSET', key, 'settled', now_ms())
    redis.call('ZREM', of_tenant(tenant, 'batches:open'), batch)
  end
end

local function write_counts(key, counts)
  for state, change in pairs(counts) do
    if change ~= 0 and state ~= 'deleted' then redis.call('HINCRBY', key, state, change) end
  end
end

local function write_moves(tenant, moves)
  write_counts(of_tenant(tenant, 'counts'), moves.all)
  for batch, counts in pairs(moves.of_batch) do
    if redis.call('EXISTS', batch_key(tenant, batch)) == 1 then
      write_counts(batch_key(tenant, batch), counts)
      settle_batch(tenant, batch)
    end
  end
end
