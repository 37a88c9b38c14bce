-- What became of lots, for figures and metrics: counted once for a lot, never for each of its requests. The hash of a lane has all of
-- it since Redis is there, by algorithm; `minute_stats_key` one minute, kept for a day. What is written at every lot is written in as few
-- commands as can be, and numbers as text: Redis takes a microsecond to write one of a script down.

-- A day's chart, and the hour in which its first minutes are still looked at.
local minute_kept = '90000'

local function bucket_of(ms)
  for bucket, bound in ipairs(bucket_bounds) do
    if ms <= bound then return bucket - 1 end
  end
  return #bucket_bounds
end

local function count_stat(lane, what) redis.call('HINCRBY', lane_key(lane), what, '1') end

-- The first who counts so many of its kind says how long the minute is kept.
local function count_in_minute(lane, now, what, amount)
  local key = minute_stats_key(lane, string.format('%d', math.floor(now / 60000)))
  local text = string.format('%d', amount)
  if redis.call('HINCRBY', key, what, text) == amount then redis.call('EXPIRE', key, minute_kept) end
end

-- The code of a problem, of a closed list.
local function code_in(problem) return string.match(problem, '"code":"([%w_]+)"') or 'internal' end

-- `failed`: how many by code.
local function count_failures(lane, now, failed)
  for code, count in pairs(failed) do
    count_in_minute(lane, now, 'failed:' .. code, count)
    redis.call('HINCRBY', lane_key(lane), 'failed:' .. code, string.format('%d', count))
  end
end

-- A moving average of what one lot of this lane takes, for the waiting times that callers are told.
local function moved(average, work)
  local before = tonumber(average or work)
  return string.format('%.1f', before + (work - before) / 16)
end

-- A lot that has ended. `wait` and `work`: ms of the whole lot; `ready`: how many by algorithm.
local function count_lot(lane, now, wait, work, ready)
  local names, amounts, taken = { 'lots' }, { 1 }, 0
  for _, count in pairs(ready) do taken = taken + count end
  if taken > 0 then
    local share = work / taken
    -- One field for both buckets.
    local buckets = bucket_of(wait) .. '/' .. bucket_of(share)
    count_in_minute(lane, now, buckets, taken)
    for algorithm, count in pairs(ready) do
      local of = algorithm .. '/'
      local n = #names
      names[n + 1], names[n + 2], names[n + 3] = of .. buckets, of .. 'wait', of .. 'work'
      amounts[n + 1], amounts[n + 2], amounts[n + 3] = count, wait * count, math.floor(share * count + 0.5)
    end
  end
  local known = redis.call('HMGET', lane_key(lane), 'work', unpack(names))
  local values = { 'work', moved(known[1], work) }
  for i, name in ipairs(names) do
    values[2 * i + 1] = name
    values[2 * i + 2] = string.format('%d', tonumber(known[i + 1] or '0') + amounts[i])
  end
  redis.call('HSET', lane_key(lane), unpack(values))
end
