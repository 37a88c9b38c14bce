-- An id for a key that is imported next. ARGV: tenant.
local first, fault = take_ids(ARGV[1], 1)
return fault or string.format('%d', first)
