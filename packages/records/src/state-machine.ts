/**
 * The states of a request and every way from one to another: the one place where they are written.
 *
 * The scripts are given this table and refuse whatever it does not allow; docs/state-machine.md draws it, and a test holds
 * the drawing to it.
 */
export const transitions = {
  complete: { from: ['queued'], to: 'ready' },
  fail: { from: ['queued'], to: 'failed' },
  cancel: { from: ['queued'], to: 'cancelled' },
  retry: { from: ['failed'], to: 'queued' },
  delete: { from: ['queued', 'ready', 'failed', 'cancelled'], to: 'deleted' },
} as const

export type Transition = keyof typeof transitions

/** What a reader of the API can see; a deleted request is not found. */
export type RequestState = (typeof transitions)['delete']['from'][number]

/** The state in which `create` writes a request. */
export const firstState = 'queued' satisfies RequestState

/** The table, and the function that every script changes a state with, in Lua. */
export const luaStateMachine = `
local transitions = {
${Object.entries(transitions)
  .map(
    ([name, { from, to }]) =>
      `  ${name} = { from = { ${from.map((state) => `${state} = true`).join(', ')} }, to = '${to}' },`,
  )
  .join('\n')}
}
-- The state that a request would leave by this transition; false where the table does not allow it.
local function may_move(tenant, id, transition)
  local from = redis.call('HGET', request_key(tenant, id), 'state')
  return from and transitions[transition].from[from] and from
end

-- Moves a request and its tenant's counts; false, and nothing is written, where the table does not allow it.
local function move(tenant, id, transition)
  local rule = transitions[transition]
  local from = may_move(tenant, id, transition)
  if not from then return false end
  redis.call('HSET', request_key(tenant, id), 'state', rule.to)
  redis.call('HINCRBY', of_tenant(tenant, 'counts'), from, -1)
  if rule.to ~= 'deleted' then redis.call('HINCRBY', of_tenant(tenant, 'counts'), rule.to, 1) end
  return from
end
`
