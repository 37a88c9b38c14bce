-- The lanes of a shard as they are now, however much is in them. ARGV: names of lanes.
-- Returns {lots that were set aside, then for each lane: paused, waiting, active, delayed, how long (ms) the oldest that waits does,
-- and the oldest of no batch, or '' where none waits}.
-- Of the lots of batches the next ones are looked at: fair queueing takes each tenant's in the order of their age.
local looked_at = '31'
local now = now_ms()

local function oldest_of(jobs)
  local oldest
  for _, job in ipairs(jobs) do
    local lot = string.match(job, '^lot%-(%d+)$')
    local since = lot and redis.call('ZSCORE', lots_key, lot)
    if since then oldest = math.min(oldest or now, tonumber(since)) end
  end
  return oldest
end

local function age(since) return since and string.format('%d', math.max(0, now - since)) or '' end

local reply = { redis.call('ZCARD', dead_lots_key) }
for _, lane in ipairs(ARGV) do
  local function ask(command, list, ...) return redis.call(command, queue_key(lane, list), ...) end
  -- Those of no batch are pushed at the left and taken from the right.
  local single = oldest_of(ask('LRANGE', 'wait', '-1', '-1'))
  local of_batches = oldest_of(ask('ZRANGE', 'prioritized', '0', looked_at))
  reply[#reply + 1] = ask('HEXISTS', 'meta', 'paused')
  reply[#reply + 1] = ask('LLEN', 'wait') + ask('ZCARD', 'prioritized')
  reply[#reply + 1] = ask('LLEN', 'active')
  reply[#reply + 1] = ask('ZCARD', 'delayed')
  reply[#reply + 1] = age(single and of_batches and math.min(single, of_batches) or single or of_batches)
  reply[#reply + 1] = age(single)
end
return reply
