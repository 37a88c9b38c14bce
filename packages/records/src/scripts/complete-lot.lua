-- The end of a lot: records, keys, counts and the news of it in one step.
-- ARGV: lot, tenant, who, then eight for each request: id, 'ready' or 'failed', and
--   ready: CSR (DER), '', key algorithm, SPKI (DER), sealed private key, custody
--   ready, signed with the key that the request names: CSR (DER), id of that key, '', '', '', ''
--   failed: problem, '', '', '', '', ''
-- Returns how many requests took their result. A request that is no longer queued in this lot takes none, nor one that waits
-- for another key than the result's.
local lot, tenant = ARGV[1], ARGV[2]
local now = now_text()
local record = redis.call('HMGET', lot_key(lot), 'started', 'lane', 'ids', 'released', 'created')
local started, lane = record[1] or now, record[2]

-- Redis does nothing else meanwhile, and a lot has up to 128 requests: each is read once and written once or twice.
local taking, ids, failures, seen, moves = {}, {}, 0, {}, new_moves()
local ready, failed = {}, {}
for i = 4, #ARGV, 8 do
  local id, state = ARGV[i], ARGV[i + 1]
  local request = redis.call('HMGET', request_key(tenant, id), 'state', 'lot', 'key', 'batch', 'keep', 'algorithm')
  local transition = state == 'failed' and 'fail' or 'complete'
  -- The same request twice in one call: the first result counts.
  if is_in(lot, request) and (state == 'failed' or (request[3] or '') == ARGV[i + 3]) and not seen[id] then
    seen[id] = true
    taking[#taking + 1] = { i, request }
    ids[#ids + 1] = id
    if state == 'failed' then
      failures = failures + 1
      local code = code_in(ARGV[i + 2])
      failed[code] = (failed[code] or 0) + 1
    else
      local algorithm = request[6] or ARGV[i + 4]
      ready[algorithm] = (ready[algorithm] or 0) + 1
    end
    count_move(moves, request[4], request[1], transitions[transition].to)
  end
end
local taken = #taking
if taken > 0 then
  local outcome = string.format('%d ready, %d failed', taken - failures, failures)
  audit(tenant, ARGV[3], 'request.complete', table.concat(ids, ','), outcome)
  write_moves(tenant, moves)
end

local function complete(id, request, csr, key_id, algorithm, spki, sealed, custody)
  local key = request_key(tenant, id)
  if key_id == '' then
    redis.call('HSET', key_key(tenant, id), 'algorithm', algorithm, 'spki', spki, 'sealed', sealed, 'custody', custody,
      'origin', 'generated', 'created', now)
    if request[5] then redis.call('HSET', key_key(tenant, id), 'keep', '1') end
    if not request[4] then list_key(tenant, id) end
  else
    algorithm = redis.call('HGET', key_key(tenant, key_id), 'algorithm')
  end
  -- The spec, which may hold a challenge password, is written over: to delete it would be a second write, half as dear again.
  redis.call('HSET', key, 'spec', '', 'state', transitions.complete.to, 'csr', csr, 'key', key_id == '' and id or key_id,
    'started', started, 'finished', now)
  -- Here as well, so that who asks for a finished request is answered from its record alone.
  if algorithm and algorithm ~= request[6] then redis.call('HSET', key, 'algorithm', algorithm) end
end

local told = {}
for _, one in ipairs(taking) do
  local i, request = one[1], one[2]
  local id, batch = ARGV[i], request[4]
  if ARGV[i + 1] == 'failed' then
    redis.call('HSET', request_key(tenant, id), 'started', started)
    store_problem(tenant, id, ARGV[i + 2], now)
  else
    complete(id, request, unpack(ARGV, i + 2, i + 7))
  end
  if not batch or not told[batch] then announce(tenant, id, batch) end
  if batch then told[batch] = true end
end

if taken > 0 and lane then
  local ended, began = tonumber(now), tonumber(started)
  local waited = began - tonumber(record[4] or record[5] or started)
  count_lot(lane, ended, math.max(0, waited), math.max(0, ended - began), ready)
  count_failures(lane, ended, failed)
end
-- All that it carried has taken its result: nothing waits in it.
if taken > 0 and record[3] == table.concat(ids, ',') then remove_lot(lot) else remove_if_done(lot) end
return taken
