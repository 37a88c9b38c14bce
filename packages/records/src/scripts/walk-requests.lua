-- Requests from the newest down, or from an id on. There is no index per request: the walk goes down the ids.
-- ARGV: tenant, id to begin with or '', how many to give, how many to look at (at most), a state or '',
--   q or '', the same in small letters
-- Returns {id to go on with or '', how many were looked at, then {id, field, value…} for each}.
-- A record can have 64 KiB of spec and as much of CSR, and Redis does nothing else while this runs: neither is ever read here.
local tenant, from, limit, most = ARGV[1], ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4])
local state, q, q_small = ARGV[5], ARGV[6], ARGV[7]
local shown = { 'state', 'ref', 'commonName', 'algorithm', 'key', 'keep', 'created', 'started', 'finished' }
local found, looked = {}, 0

local function is_running(lot) return redis.call('HEXISTS', lot_key(lot or ''), 'started') == 1 end

local function has_state(is, lot)
  if not is or is == 'deleted' or is == 'parked' then return false end
  if state == '' or (state == is and state ~= 'queued') then return true end
  if is ~= 'queued' or (state ~= 'queued' and state ~= 'running') then return false end
  return is_running(lot) == (state == 'running')
end

local function matches(id, ref, common_name)
  if q == '' or id == q then return true end
  if ref and string.sub(ref, 1, #q) == q then return true end
  return common_name and string.lower(string.sub(common_name, 1, #q_small)) == q_small
end

local function summary_of(id, key, lot)
  local values = redis.call('HMGET', key, unpack(shown))
  local fields = { id }
  local function add(name, value)
    if not value then return end
    fields[#fields + 1] = name
    fields[#fields + 1] = value
  end
  for i, name in ipairs(shown) do add(name, values[i]) end
  if values[1] == 'queued' and lot then add('running', redis.call('HGET', lot_key(lot), 'started')) end
  -- A record of release 0.1 leaves that to its key.
  if not values[4] and values[5] then add('algorithm', redis.call('HGET', key_key(tenant, values[5]), 'algorithm')) end
  return fields
end

local function look_at(id)
  looked = looked + 1
  local key = request_key(tenant, id)
  local request = redis.call('HMGET', key, 'state', 'lot', 'ref', 'commonName')
  if has_state(request[1], request[2]) and matches(id, request[3], request[4]) then
    found[#found + 1] = summary_of(id, key, request[2])
  end
end

-- Newest gap first; ids of a gap were never given.
local function gaps_of(record)
  local gaps = {}
  for field, last in pairs(record) do
    local first = string.match(field, '^gap:(%d+)$')
    if first then gaps[#gaps + 1] = { first = tonumber(first), last = tonumber(last) } end
  end
  table.sort(gaps, function(one, other) return one.first > other.first end)
  return gaps
end

-- Below this retention has left nothing: no request that had to stay, and no batch, whose rows have higher ids than itself.
local function lowest_left()
  local passed = redis.call('HGET', of_tenant(tenant, 'retention'), 'next')
  local lowest = tonumber(passed or '1')
  for _, index in ipairs({ 'retention:later', 'batches' }) do
    local first = passed and redis.call('ZRANGE', of_tenant(tenant, index), 0, 0)[1]
    if first then lowest = math.min(lowest, tonumber(first)) end
  end
  return lowest
end

local function walk_down()
  local record = read_hash(of_tenant(tenant, 'next-id'))
  local gaps, gap, lowest = gaps_of(record), 1, lowest_left()
  local newest = tonumber(record.next or '1') - 1
  local id = from == '' and newest or math.min(newest, tonumber(from))
  while id >= lowest and looked < most and #found < limit do
    while gaps[gap] and gaps[gap].first > id do gap = gap + 1 end
    if gaps[gap] and id <= gaps[gap].last then
      id = gaps[gap].first - 1
    else
      look_at(string.format('%d', id))
      id = id - 1
    end
  end
  return id >= lowest and string.format('%d', id) or ''
end

local function walk_failed()
  local ids = redis.call('ZRANGE', of_tenant(tenant, 'failed'), from == '' and '+inf' or from, '-inf', 'BYSCORE', 'REV',
    'LIMIT', 0, most + 1)
  for _, id in ipairs(ids) do
    if looked == most or #found == limit then return id end
    look_at(id)
  end
  return ''
end

local go_on = state == 'failed' and walk_failed() or state ~= 'failed' and walk_down() or ''
return { go_on, looked, unpack(found) }
