-- Begins to remove the next batches of a tenant of which nothing has been queued for so long; undo-block removes what is in them.
-- ARGV: tenant, age in ms, 'keep' or 'delete' for keys that were never exported, who, batch after which to go on ('0' to begin with).
-- Returns {batch after which to go on, or 'done', how many are removed}
local tenant, age, keys, actor, after = unpack(ARGV)
local most = 100
local now = now_ms()
local due = now - tonumber(age)
local removed = 0
local ids = redis.call('ZRANGE', of_tenant(tenant, 'batches'), '(' .. after, '+inf', 'BYSCORE', 'LIMIT', 0, most)
for _, batch in ipairs(ids) do
  local created, settled, change = unpack(redis.call('HMGET', batch_key(tenant, batch), 'created', 'settled', 'change'))
  created = tonumber(created or '0')
  -- Those after it were made later still. One from the future has the time of a clock that was wrong.
  if created > due and created <= now then return { 'done', removed } end
  if settled and tonumber(settled) <= due and not change then
    audit(tenant, actor, 'batch.delete', batch, 'done')
    begin_removal(tenant, batch, actor, keys)
    removed = removed + 1
  end
end
return { #ids < most and 'done' or ids[#ids], removed }
