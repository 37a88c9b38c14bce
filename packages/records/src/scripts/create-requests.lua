-- Takes ids, writes the records and the lot that carries them, and moves the counts: all of it or nothing.
-- ARGV: tenant, lane, priority, then a pair (ref or '', spec as JSON) for each request. Returns {lot, first id}.
local tenant, lane, priority = ARGV[1], ARGV[2], ARGV[3]
local count = (#ARGV - 3) / 2
local next_id = of_tenant(tenant, 'next-id')

-- A Redis that lost its last writes, in a crash or a fail-over, would give acknowledged ids again. Its run id tells of a
-- restart and its replication id of a promotion: unless every run since is known to have ended with everything on disk, jump
-- over what may have been given. Each run that ended so names the one that followed it.
local function unbroken(from, to)
  for _ = 1, 1000 do
    from = redis.call('HGET', clean_runs_key, from)
    if not from or from == '' then return false end
    if from == to then return true end
  end
  return false
end
local info = redis.call('INFO', 'server', 'replication')
local run = string.match(info, 'run_id:(%w+)') .. ':' .. string.match(info, 'master_replid:(%w+)')
local known = redis.call('HMGET', next_id, 'run', 'next')
local first = tonumber(known[2] or '1')
local gap_from
if known[1] and known[1] ~= run and not unbroken(known[1], run) then
  gap_from = first
  first = first + 100000
end

for id = first, first + count - 1 do
  if redis.call('EXISTS', request_key(tenant, string.format('%d', id))) == 1 then
    return redis.error_reply('IDTAKEN request ' .. id .. ' exists')
  end
end

redis.call('HSET', next_id, 'next', string.format('%d', first + count), 'run', run)
if gap_from then redis.call('HSET', next_id, string.format('gap:%d', gap_from), string.format('%d', first - 1)) end
-- From here on this run has given ids, so an end that was marked earlier no longer counts.
redis.call('HDEL', clean_runs_key, run)

local ids = {}
for i = 1, count do ids[i] = string.format('%d', first + i - 1) end
local lot = write_lot(tenant, lane, priority, nil, ids)
local now = now_ms()
for i = 1, count do
  local key = request_key(tenant, ids[i])
  local ref, spec = ARGV[2 + 2 * i], ARGV[3 + 2 * i]
  redis.call('HSET', key, 'state', 'queued', 'lot', lot, 'lane', lane, 'spec', spec, 'created', now)
  if ref ~= '' then redis.call('HSET', key, 'ref', ref) end
end
redis.call('HINCRBY', of_tenant(tenant, 'counts'), 'queued', count)
return { tostring(lot), ids[1] }
