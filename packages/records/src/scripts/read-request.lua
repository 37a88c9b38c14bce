-- The record of a request with what its lot knows of it. ARGV: tenant, id. Returns fields and values, none if there is none.
local record = redis.call('HGETALL', request_key(ARGV[1], ARGV[2]))
for i = 1, #record, 2 do
  if record[i] == 'lot' then
    local started = redis.call('HGET', lot_key(record[i + 1]), 'started')
    if started then
      record[#record + 1] = 'running'
      record[#record + 1] = started
    end
    break
  end
end
return record
