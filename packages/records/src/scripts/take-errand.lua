-- Gives what came of an errand to the one who asked, and forgets it. ARGV: tenant, kind, id, who.
-- Returns {'queued'} | {'done' or 'failed', result} | {'gone'}
local tenant, kind, id, actor = unpack(ARGV)
local key = errand_key(tenant, kind, id)
local record = redis.call('HMGET', key, 'state', 'result', 'about')
if not record[1] then return { 'gone' } end
if record[1] == 'queued' then return { 'queued' } end
if kind ~= 'verify' then audit(tenant, actor, 'export.read', record[3], record[1]) end
-- Not before it is given: what was made and never fetched is nobody's.
if kind == 'export' and record[1] == 'done' then note_exported(tenant, record[3]) end
if kind == 'exports' and record[1] == 'done' then
  local exported = cjson.decode(record[2]).keys
  for i, id in ipairs(split_ids(record[3])) do
    if exported[i] and exported[i].jwe then note_exported(tenant, id) end
  end
end
redis.call('DEL', key)
return { record[1], record[2] }
