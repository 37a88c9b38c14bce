-- The ids of a tenant: requests, keys and batches take theirs from one counter, so that one number never names two things.

-- Whether Redis' run `to` follows `from` through runs that all ended with everything on disk. Each run that ended so names
-- the one that followed it.
local function unbroken(from, to)
  for _ = 1, 1000 do
    from = redis.call('HGET', clean_runs_key, from)
    if not from or from == '' then return false end
    if from == to then return true end
  end
  return false
end

-- The first of these ids in a row that something has; nil where none has. One call asks for many: a block has 256.
local function taken_id(tenant, first, count)
  local keys = {}
  for number = first, first + count - 1 do
    local id = string.format('%d', number)
    keys[#keys + 1] = request_key(tenant, id)
    keys[#keys + 1] = key_key(tenant, id)
    keys[#keys + 1] = batch_key(tenant, id)
  end
  for from = 1, #keys, 768 do
    if redis.call('EXISTS', unpack(keys, from, math.min(from + 767, #keys))) > 0 then
      for i = from, #keys do
        if redis.call('EXISTS', keys[i]) == 1 then return string.format('%d', first + math.floor((i - 1) / 3)) end
      end
    end
  end
end

-- Takes ids in a row; gives the first, or nil and an error, and nothing is written, where one of them is taken already.
--
-- A Redis that lost its last writes, in a crash or a fail-over, would give acknowledged ids again. Its run id tells of a
-- restart and its replication id of a promotion: unless the runs since hang together, jump over what may have been given.
-- How far it was after the backup that was restored, nobody knows: then ids go on from the time, in ms, at which an operator did.
local function take_ids(tenant, count)
  local next_id = of_tenant(tenant, 'next-id')
  local info = redis.call('INFO', 'server', 'replication')
  local run = string.match(info, 'run_id:(%w+)') .. ':' .. string.match(info, 'master_replid:(%w+)')
  local known = redis.call('HMGET', next_id, 'run', 'next')
  local next_one = tonumber(known[2] or '1')
  local first = next_one
  if known[1] ~= run then
    if known[1] and not unbroken(known[1], run) then first = first + 100000 end
    first = math.max(first, tonumber(redis.call('GET', restored_key) or '1') or 1)
  end

  local taken = taken_id(tenant, first, count)
  if taken then return nil, redis.error_reply('IDTAKEN ' .. taken .. ' exists') end

  redis.call('HSET', next_id, 'next', string.format('%d', first + count), 'run', run)
  if first > next_one then redis.call('HSET', next_id, string.format('gap:%d', next_one), string.format('%d', first - 1)) end
  -- From here on this run has given ids, so an end that was marked earlier no longer counts.
  redis.call('HDEL', clean_runs_key, run)
  return first
end
