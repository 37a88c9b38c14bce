-- Requests from the newest down, or from an id on. There is no index per request: the walk goes down the ids.
-- ARGV: tenant, id to begin with or '', how many to give, how many to look at (at most), a state or '',
--   q in small letters or '', the same as it stands in JSON, q as it was given
-- Returns {id to go on with or '', how many were looked at, then {id, field, value…} for each}. With q they are candidates:
-- what its words stand in somewhere, and only the caller can tell where.
local tenant, from, limit, most = ARGV[1], ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4])
local state, q, q_json, q_given = ARGV[5], ARGV[6], ARGV[7], ARGV[8]
local found, looked = {}, 0

local function has_state(request)
  if not request[1] or request[1] == 'deleted' then return false end
  if state == '' or (state == request[1] and state ~= 'queued') then return true end
  if request[1] ~= 'queued' or (state ~= 'queued' and state ~= 'running') then return false end
  local running = request[2] and redis.call('HEXISTS', lot_key(request[2]), 'started') == 1
  return running == (state == 'running')
end

local function holds(text, words) return text and string.find(string.lower(text), words, 1, true) end

local function may_match(id, key)
  if q == '' or id == q then return true end
  local texts = redis.call('HMGET', key, 'ref', 'commonName', 'csr', 'spec')
  if texts[1] and string.sub(texts[1], 1, #q_given) == q_given then return true end
  return holds(texts[2], q) or holds(texts[3], q) or holds(texts[4], q_json)
end

local function look_at(id)
  looked = looked + 1
  local key = request_key(tenant, id)
  if has_state(redis.call('HMGET', key, 'state', 'lot')) and may_match(id, key) then
    found[#found + 1] = { id, unpack(read_record(tenant, id)) }
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

local function walk_down()
  local record = read_hash(of_tenant(tenant, 'next-id'))
  local gaps, gap = gaps_of(record), 1
  local newest = tonumber(record.next or '1') - 1
  local id = from == '' and newest or math.min(newest, tonumber(from))
  while id >= 1 and looked < most and #found < limit do
    while gaps[gap] and gaps[gap].first > id do gap = gap + 1 end
    if gaps[gap] and id <= gaps[gap].last then
      id = gaps[gap].first - 1
    else
      look_at(string.format('%d', id))
      id = id - 1
    end
  end
  return id >= 1 and string.format('%d', id) or ''
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
