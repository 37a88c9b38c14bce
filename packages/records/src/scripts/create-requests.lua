-- Takes ids, writes the records and the lot that carries them, and moves the counts: all of it or nothing.
-- ARGV: tenant, lane, priority, how many requests of the tenant may be queued, who, once and digest of the call, then six for each request: ref or '', spec as
-- JSON, id of the key that signs it or '', 'keep' or '', algorithm of its key, common name or ''. The last two are in the spec
-- as well: here for lists and searches, which must not read it.
-- Returns {'created', lot, first id} | {'again', first id} | {'other_body'} | {'queue_full'} | {'key_not_found', id of the key}
local tenant, lane, priority, most = ARGV[1], ARGV[2], ARGV[3], tonumber(ARGV[4])
local actor, once, digest = ARGV[5], ARGV[6], ARGV[7]
local given = 7
local per_request = 6
local count = (#ARGV - given) / per_request

local earlier = earlier_call(tenant, once, digest)
if earlier then return earlier end
local counts = of_tenant(tenant, 'counts')
local before = redis.call('HMGET', counts, 'queued', 'parked')
if tonumber(before[1] or '0') + tonumber(before[2] or '0') + count > most then return { 'queue_full' } end
for i = given + 3, #ARGV, per_request do
  if ARGV[i] ~= '' and redis.call('EXISTS', key_key(tenant, ARGV[i])) == 0 then return { 'key_not_found', ARGV[i] } end
end
local first, fault = take_ids(tenant, count)
if fault then return fault end

local ids = {}
for i = 1, count do ids[i] = string.format('%d', first + i - 1) end
audit(tenant, actor, 'request.create', table.concat(ids, ','), 'done')
keep_call(tenant, once, digest, ids[1])
local lot = write_lot(tenant, lane, priority, nil, ids)
local now = now_ms()
for i = 1, count do
  local at = given + per_request * (i - 1)
  local ref, spec, key_id, keep, algorithm, common_name = unpack(ARGV, at + 1, at + per_request)
  local fields = { 'state', 'queued', 'lot', lot, 'lane', lane, 'spec', spec, 'algorithm', algorithm, 'created', now }
  if ref ~= '' then fields[#fields + 1] = 'ref'; fields[#fields + 1] = ref end
  if key_id ~= '' then fields[#fields + 1] = 'key'; fields[#fields + 1] = key_id end
  if common_name ~= '' then fields[#fields + 1] = 'commonName'; fields[#fields + 1] = common_name end
  if keep ~= '' then fields[#fields + 1] = 'keep'; fields[#fields + 1] = '1' end
  redis.call('HSET', request_key(tenant, ids[i]), unpack(fields))
  if key_id ~= '' then use_key(tenant, key_id, ids[i]) end
end
redis.call('HINCRBY', counts, 'queued', count)
return { 'created', tostring(lot), ids[1] }
