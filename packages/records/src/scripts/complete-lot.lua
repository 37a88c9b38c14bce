-- The end of a lot: records, keys, counts and the news of it in one step.
-- ARGV: lot, tenant, then seven for each request: id, 'ready' or 'failed', and
--   ready: CSR (DER), key algorithm, SPKI (DER), sealed private key, custody · failed: problem, '', '', '', ''
-- Returns how many requests took their result. A request that is no longer queued in this lot takes none.
local lot, tenant = ARGV[1], ARGV[2]
local now = now_ms()
local started = redis.call('HGET', lot_key(lot), 'started') or now
local lane = redis.call('HGET', lot_key(lot), 'lane')
local taken = 0

local function complete(id, csr, algorithm, spki, sealed, custody)
  local key = request_key(tenant, id)
  local batch = redis.call('HGET', key, 'batch')
  move(tenant, id, 'complete')
  redis.call('HSET', key, 'csr', csr, 'key', id, 'started', started, 'finished', now)
  redis.call('HDEL', key, 'spec', 'lot', 'lane')
  redis.call('HSET', of_tenant(tenant, 'key:' .. id), 'algorithm', algorithm, 'spki', spki, 'sealed', sealed,
    'custody', custody, 'origin', 'generated', 'created', now)
  if not batch then redis.call('ZADD', of_tenant(tenant, 'keys'), id, id) end
  announce(tenant, id, batch)
end

for i = 3, #ARGV, 7 do
  local id = ARGV[i]
  if is_waiting_in(tenant, id, lot) then
    taken = taken + 1
    if ARGV[i + 1] == 'ready' then
      complete(id, ARGV[i + 2], ARGV[i + 3], ARGV[i + 4], ARGV[i + 5], ARGV[i + 6])
    else
      redis.call('HSET', request_key(tenant, id), 'started', started)
      fail_request(tenant, id, ARGV[i + 2])
    end
  end
end

if taken > 0 and lane then
  -- A moving average of what one lot of this lane takes, for the waiting times that callers are told.
  local work = now - started
  local before = tonumber(redis.call('HGET', lane_key(lane), 'work') or work)
  redis.call('HSET', lane_key(lane), 'work', string.format('%.1f', before + (work - before) / 16))
end
remove_if_done(lot)
return taken
