import type { Server } from 'node:http'
import { setTimeout as delay } from 'node:timers/promises'

const quietRounds = 10
const roundMs = 25
const longestQuietWait = 5_000

/**
 * Closing the listener resets what the kernel has accepted for it and nobody has read yet. So it stays open until nothing
 * new has come for a moment; what comes until then is answered, with `Connection: close`. What is not answered `deadline`
 * milliseconds after that is cut.
 */
export async function closeServer(server: Server, deadline: number): Promise<void> {
  await quiet(server)
  const { promise, resolve } = Promise.withResolvers<void>()
  server.close(() => resolve())
  const cut = setTimeout(() => server.closeAllConnections(), deadline)
  await promise
  clearTimeout(cut)
}

/**
 * Resolves when nothing has arrived for `quietRounds` rounds of the event loop and more, after `longestQuietWait`
 * milliseconds at the latest. Rounds and not time alone: of a process that gets no CPU, time says nothing, and in each round
 * what the kernel has accepted is looked at.
 */
async function quiet(server: Server): Promise<void> {
  const latest = Date.now() + longestQuietWait
  let quietFor = 0
  const arrived = () => {
    quietFor = 0
  }
  server.on('connection', arrived).on('request', arrived)
  while (quietFor < quietRounds && Date.now() < latest) {
    quietFor += 1
    await delay(roundMs)
  }
}
