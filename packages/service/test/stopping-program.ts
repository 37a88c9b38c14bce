// A program for tests of how it ends. Argument: what its stopping does. It says `ready` on standard output.
import { setTimeout as delay } from 'node:timers/promises'
import { createLogger, stopOnSignals } from '../src/index.ts'

const [kind = ''] = process.argv.slice(2)
const alive = setInterval(() => {}, 1_000)
const never = new Promise<void>(() => {})
const say = (text: string) => process.stdout.write(`${text}\n`)

const kinds: Record<string, () => Promise<void>> = {
  quick: async () => {},
  slow: () => delay(300),
  failing: () => Promise.reject(new Error('it cannot stop')),
  hanging: () => never,
  'hanging-with-nothing-to-do': () => {
    clearInterval(alive)
    return never
  },
}

// An owner that ends early is gone before anybody listens.
if (kind === 'late') {
  say('ready')
  await delay(400)
}
stopOnSignals(
  createLogger('stopping', 'info'),
  async (reason) => {
    say(`stop: ${reason}`)
    await kinds[kind]?.()
  },
  400,
)
if (kind !== 'late') say('ready')
