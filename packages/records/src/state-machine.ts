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

/**
 * What is done to the requests of a batch as a whole. `parked` is the state of a request of an atomic batch before all of it
 * is in: to every reader there is no such request.
 */
const batchTransitions = {
  release: { from: ['parked'], to: 'queued' },
  withdraw: { from: ['parked', ...transitions.cancel.from], to: transitions.cancel.to },
  remove: { from: ['parked', ...transitions.delete.from], to: transitions.delete.to },
} as const

/** What the service does by itself after RETENTION_DAYS: never to what is queued. */
const ownTransitions = {
  expire: { from: ['ready', 'failed', 'cancelled'], to: transitions.delete.to },
} as const

/** The table, and the function that every script changes a state with, in Lua. */
export const luaStateMachine = `
local transitions = {
${Object.entries({ ...transitions, ...batchTransitions, ...ownTransitions })
  .map(
    ([name, { from, to }]) =>
      `  ${name} = { from = { ${from.map((state) => `${state} = true`).join(', ')} }, to = '${to}' },`,
  )
  .join('\n')}
}
-- Whether a request may leave its state, false for one that is not there, by this transition.
local function may_leave(from, transition) return from and transitions[transition].from[from] or false end

-- The state that a request would leave by this transition; false where the table does not allow it.
local function may_move(tenant, id, transition)
  local from = redis.call('HGET', request_key(tenant, id), 'state')
  return may_leave(from, transition) and from
end

-- Moves a request, its tenant's counts and its batch's; false, and nothing is written, where the table does not allow it.
local function move(tenant, id, transition)
  local key = request_key(tenant, id)
  local request = redis.call('HMGET', key, 'state', 'batch')
  local from, batch = request[1], request[2]
  if not may_leave(from, transition) then return false end
  local to = transitions[transition].to
  redis.call('HSET', key, 'state', to)
  local moves = new_moves()
  count_move(moves, batch, from, to)
  write_moves(tenant, moves)
  return from
end
`
