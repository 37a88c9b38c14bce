import { connect } from 'node:net'

/** Where a server on this machine listens, and what it asks for. */
export interface LocalAddress {
  readonly port: number
  readonly password: string
}

/**
 * `refused`: nothing listens. `silent`: nothing was said within a second. `foreign`: another
 * program, or a Redis that does not know the password. Otherwise what the server replied.
 */
export type InlineAnswer = 'refused' | 'silent' | 'foreign' | { readonly reply: string }

const timeoutMs = 1000
const authenticated = '+OK\r\n'

/**
 * Sends one command on a connection of its own, in Redis' inline form, for the few commands of start
 * and end, where a client that reconnects by itself would hide what is to be seen.
 *
 * The command goes out only after the password was accepted: whatever took over the port in the
 * meantime, a Redis without a password too, must never be told to shut down.
 */
export function sendInline(address: LocalAddress, command: string): Promise<InlineAnswer> {
  return new Promise((resolve) => {
    let received = ''
    let refused = false
    const socket = connect({ host: '127.0.0.1', port: address.port, timeout: timeoutMs })
    socket.setEncoding('utf8')
    socket.on('connect', () => socket.write(`AUTH ${address.password}\r\n`))
    socket.on('data', (text: string) => {
      const before = received
      received += text
      if (isForeign(received)) socket.destroy()
      else if (received === authenticated && before !== authenticated)
        socket.write(`${command}\r\nQUIT\r\n`)
    })
    socket.on('timeout', () => socket.destroy())
    socket.on('error', (error: NodeJS.ErrnoException) => {
      refused = error.code === 'ECONNREFUSED'
    })
    socket.on('close', () => resolve(refused ? 'refused' : answerOf(received)))
  })
}

function isForeign(received: string): boolean {
  return !received.startsWith(authenticated) && !authenticated.startsWith(received)
}

function answerOf(received: string): InlineAnswer {
  if (isForeign(received)) return 'foreign'
  if (!received.startsWith(authenticated)) return 'silent'
  return { reply: received.slice(authenticated.length) }
}
