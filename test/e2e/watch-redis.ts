import { once } from 'node:events'
import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

export type RedisWatch = AsyncDisposable & {
  /** Every command that any client has sent since, with the bytes of its arguments as they were. */
  all(): Promise<Buffer>
}

const escapes: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', a: '\x07', b: '\b' }

/** Watches a Redis by MONITOR; on a socket of its own, since clients parse what they read as UTF-8. */
export async function watchRedis(url: string): Promise<RedisWatch> {
  const { hostname, port, password } = new URL(url)
  const socket = connect(Number(port), hostname)
  const chunks: Buffer[] = []
  socket.on('data', (chunk) => chunks.push(chunk))
  await once(socket, 'connect')
  socket.write(`${password ? `AUTH ${password}\r\n` : ''}MONITOR\r\n`)
  // What others send at that moment comes with the answers, so that the text need not end with them.
  const answers = '+OK\r\n'.repeat(password ? 2 : 1)
  while (!Buffer.concat(chunks).toString('latin1').startsWith(answers)) await sleep(5)
  return {
    all: async () => {
      // What was sent last is on its way.
      await sleep(200)
      return unescaped(Buffer.concat(chunks))
    },
    [Symbol.asyncDispose]: async () => {
      socket.destroy()
    },
  }
}

/** MONITOR shows arguments in quotes, with escapes for what is not printable. */
function unescaped(text: Buffer): Buffer {
  const plain = text
    .toString('latin1')
    .replace(/\\(x[0-9a-f]{2}|.)/g, (_, code: string) =>
      code.length === 3
        ? String.fromCharCode(Number.parseInt(code.slice(1), 16))
        : (escapes[code] ?? code),
    )
  return Buffer.from(plain, 'latin1')
}
