-- The record of a request. ARGV: tenant, id. Returns fields and values, none if there is none.
return read_record(ARGV[1], ARGV[2])
