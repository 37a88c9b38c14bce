-- Ends the intakes whose lease is over: whoever held them is gone. ARGV: how many, who. Returns '<tenant> <batch>' of each.
local most, actor = tonumber(ARGV[1]), ARGV[2]
local over = redis.call('ZRANGE', intakes_key, '-inf', now_ms(), 'BYSCORE', 'LIMIT', 0, most)
for _, name in ipairs(over) do
  local tenant, batch = string.match(name, '^(%S+) (%d+)$')
  if redis.call('HGET', batch_key(tenant, batch), 'state') == 'taking' then
    audit(tenant, actor, 'batch.break', batch, 'done')
    break_intake(tenant, batch, actor)
  end
  redis.call('ZREM', intakes_key, name)
end
return over
