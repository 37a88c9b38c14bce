-- Rows of a batch, in the order of its input, up to the end of their block. ARGV: tenant, batch, first row, a state or ''.
-- Returns {row to go on with, or -1 at the end of what is there, then {row, id, state, ref, algorithm, key, CSR, problem} for each}.
-- Redis does nothing else while this runs and keeps the reply until it is read: after so many bytes it ends.
local tenant, batch, from, state = ARGV[1], ARGV[2], tonumber(ARGV[3]), ARGV[4]
local most_bytes = 512 * 1024
local offset = from % block_size
local block = redis.call('HGET', blocks_key(tenant, batch), string.format('%d', (from - offset) / block_size))
local record = redis.call('HMGET', batch_key(tenant, batch), 'rows', 'state')
if not block or record[2] == 'deleting' then return { -1 } end
local rows = tonumber(record[1])
local base = tonumber(string.match(block, '^%d+')) - (from - offset)
local last = math.min(rows, from - offset + block_size) - 1

local function is_wanted(request)
  local is = request[1]
  if not is or is == 'deleted' or is == 'parked' or request[7] ~= batch then return false end
  return state == '' or state == is
end

local reply, bytes = { -1 }, 0
for row = from, last do
  local id = string.format('%d', base + row)
  local request = redis.call('HMGET', request_key(tenant, id), 'state', 'ref', 'algorithm', 'key', 'csr', 'problem', 'batch')
  if is_wanted(request) then
    reply[#reply + 1] = { row, id, unpack(request, 1, 6) }
    bytes = bytes + #(request[5] or '') + #(request[6] or '')
    if bytes > most_bytes then
      last = row
      break
    end
  end
end
if last + 1 < rows then reply[1] = last + 1 end
return reply
