import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'

type Call = { readonly incoming: IncomingMessage; readonly outgoing: ServerResponse }

/**
 * The calls of each connection that are not answered yet. One connection can send many calls without awaiting the answers,
 * and each is kept, with its answer, until it is that one's turn.
 */
export class OpenCalls {
  readonly #most: number
  readonly #open = new WeakMap<Duplex, Call[]>()

  constructor(most: number) {
    this.#most = most
  }

  /** Counts a call in until it is answered or its connection is gone. False, and the connection cut, where it is one too many. */
  admit(incoming: IncomingMessage, outgoing: ServerResponse): boolean {
    const { socket } = incoming
    const open = this.#open.get(socket) ?? []
    if (open.length >= this.#most) {
      socket.destroy()
      return false
    }
    if (open.length === 0) this.#open.set(socket, open)
    const call = { incoming, outgoing }
    open.push(call)
    outgoing.once('close', () => open.splice(open.indexOf(call), 1))
    return true
  }

  /** The id of the call that is being answered on a connection. */
  requestId(socket: Duplex): string | undefined {
    const id = this.#open.get(socket)?.[0]?.outgoing.getHeader('X-Request-Id')
    return typeof id === 'string' ? id : undefined
  }

  /** Whether the next bytes that are written to a connection answer what is arriving on it, and no call before that. */
  nextIsArriving(socket: Duplex): boolean {
    const [call, ...later] = this.#open.get(socket) ?? []
    if (!call) return true
    return later.length === 0 && !call.incoming.complete && !call.outgoing.headersSent
  }
}
