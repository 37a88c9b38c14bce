import { setTimeout as sleep } from 'node:timers/promises'
import { EmbeddedRedisError } from '../embedded-redis-error.ts'
import { readRedisConf } from '../run/redis-conf.ts'
import { sendInline } from '../run/send-inline.ts'
import type { ServerFolder } from './server-folder.ts'

const patienceMs = 30_000
const pauseMs = 50

/**
 * Awaits the end of the server that a killed owner left, and asks it to end, for where the kernel
 * did not. Two servers must never append to one file: nothing is started before this returns.
 *
 * The old server is known by the password in the configuration that a killed owner leaves; a
 * process id may long be another program's. Redis closes its port after its last write, so that a
 * refused connection says the files are whole. Silence says nothing: a Redis that saves is silent.
 *
 * @throws EmbeddedRedisError `previous_server_running` after 30 s
 */
export async function endPreviousServer(
  folder: ServerFolder,
  log: (message: string) => void,
): Promise<void> {
  const left = readRedisConf(folder.readConfig() ?? '')
  if (left === undefined) return
  const deadline = Date.now() + patienceMs
  for (let round = 0; Date.now() < deadline; round++) {
    const answer = await sendInline(left, 'SHUTDOWN')
    if (answer === 'refused' || answer === 'foreign') return
    if (round === 0) log('awaiting the end of the Redis that an earlier run left')
    await sleep(pauseMs)
  }
  const message = `The Redis that an earlier run left on port ${left.port} has not ended within ${patienceMs / 1000} s. End it and start again; if that port is another program's, delete ${folder.configFile} first.`
  throw new EmbeddedRedisError(message, { code: 'previous_server_running' })
}
