-- Keys as their readers see them. ARGV: tenant, then ids. Returns for each id its view, or nil where there is no such key.
local views = {}
for i = 2, #ARGV do views[i - 1] = view_key(ARGV[1], ARGV[i]) end
return views
