/**
 * The counting script of rate-limiter-flexible, allowed to run when memory is full: what makes room is a write as well, and
 * wrong passwords have to be counted then as ever. Its keys live for minutes. Counting zero only looks: the library's own
 * way to look is a MULTI, which a full Redis refuses.
 */
export const countWhenFull = `#!lua flags=allow-oom
if ARGV[1] ~= '0' then redis.call('SET', KEYS[1], 0, 'EX', ARGV[2], 'NX') end
local consumed
if ARGV[1] == '0' then consumed = redis.call('GET', KEYS[1]) or '0'
else consumed = redis.call('INCRBY', KEYS[1], ARGV[1]) end
return { tonumber(consumed), redis.call('PTTL', KEYS[1]) }
`
