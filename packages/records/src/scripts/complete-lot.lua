-- The end of a lot: records, keys, counts and the news of it in one step.
-- ARGV: lot, tenant, who, then eight for each request: id, 'ready' or 'failed', and
--   ready: CSR (DER), '', key algorithm, SPKI (DER), sealed private key, custody
--   ready, signed with the key that the request names: CSR (DER), id of that key, '', '', '', ''
--   failed: problem, '', '', '', '', ''
-- Returns how many requests took their result. A request that is no longer queued in this lot takes none, nor one that waits
-- for another key than the result's.
local lot, tenant = ARGV[1], ARGV[2]
local now = now_ms()
local started = redis.call('HGET', lot_key(lot), 'started') or now
local lane = redis.call('HGET', lot_key(lot), 'lane')
local from = 4

local function write_key(id, batch, keep, algorithm, spki, sealed, custody)
  local key = key_key(tenant, id)
  redis.call('HSET', key, 'algorithm', algorithm, 'spki', spki, 'sealed', sealed, 'custody', custody,
    'origin', 'generated', 'created', now)
  if keep then redis.call('HSET', key, 'keep', '1') end
  if not batch then list_key(tenant, id) end
end

local function complete(id, csr, key_id, ...)
  local key = request_key(tenant, id)
  local request = redis.call('HMGET', key, 'batch', 'keep')
  move(tenant, id, 'complete')
  redis.call('HSET', key, 'csr', csr, 'key', key_id == '' and id or key_id, 'started', started, 'finished', now)
  redis.call('HDEL', key, 'spec', 'lot', 'lane')
  if key_id == '' then write_key(id, request[1], request[2], ...) end
  -- Here as well, so that who asks for a finished request is answered from its record alone.
  local algorithm = redis.call('HGET', key_key(tenant, key_id == '' and id or key_id), 'algorithm')
  if algorithm then redis.call('HSET', key, 'algorithm', algorithm) end
  announce(tenant, id, request[1])
end

local function names_key(id, key_id) return (redis.call('HGET', request_key(tenant, id), 'key') or '') == key_id end

local function takes_result(i)
  local id = ARGV[i]
  return is_waiting_in(tenant, id, lot) and (ARGV[i + 1] == 'failed' or names_key(id, ARGV[i + 3]))
end

local taking, ids, failures, seen = {}, {}, 0, {}
for i = from, #ARGV, 8 do
  -- The same request twice in one call: the first result counts.
  if takes_result(i) and not seen[ARGV[i]] then
    seen[ARGV[i]] = true
    taking[#taking + 1] = i
    ids[#ids + 1] = ARGV[i]
    if ARGV[i + 1] == 'failed' then failures = failures + 1 end
  end
end
local taken = #taking
if taken > 0 then
  local outcome = string.format('%d ready, %d failed', taken - failures, failures)
  audit(tenant, ARGV[3], 'request.complete', table.concat(ids, ','), outcome)
end
for _, i in ipairs(taking) do
  local id = ARGV[i]
  if ARGV[i + 1] == 'failed' then
    redis.call('HSET', request_key(tenant, id), 'started', started)
    fail_request(tenant, id, ARGV[i + 2])
  else
    complete(id, unpack(ARGV, i + 2, i + 7))
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
