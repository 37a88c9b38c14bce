-- Stores what came of an errand. ARGV: lot, tenant, kind, id, 'done' or 'failed', result, who.
-- Returns 1, or 0 where nobody waits for it any more.
return finish_errand(unpack(ARGV))
