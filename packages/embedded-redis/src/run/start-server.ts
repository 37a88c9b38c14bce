import { randomBytes } from 'node:crypto'
import type { ServerFolder } from '../data-dir/server-folder.ts'
import { EmbeddedRedisError } from '../embedded-redis-error.ts'
import type { RedisProgram } from '../find/redis-program.ts'
import { assignSlots } from './assign-slots.ts'
import { awaitReady } from './await-ready.ts'
import { freePorts } from './free-port.ts'
import { type OwnedProcess, startOwned } from './owned-process.ts'
import { renderRedisConf } from './redis-conf.ts'
import type { LocalAddress } from './send-inline.ts'

/** A server that serves, and what is needed to talk to it and to end it. */
export interface StartedServer {
  readonly address: LocalAddress
  readonly child: OwnedProcess
}

/** What one start is asked for. */
export interface StartRequest {
  readonly program: RedisProgram
  readonly folder: ServerFolder
  /** Bytes. */
  readonly maxMemory: number
  readonly cluster: boolean
  /** Port and password to take; undefined: a free port and a new password. */
  readonly address: LocalAddress | undefined
  readonly log: (message: string) => void
}

const attempts = 5
const patienceMs = 5000

/**
 * Starts a server on 127.0.0.1, on the address asked for or else on a free port with a new random
 * password, and awaits that it serves its data. When another program was faster to take a free port,
 * it tries the next one.
 *
 * @throws EmbeddedRedisError `start_failed`; no server is left then
 */
export async function startServer(request: StartRequest): Promise<StartedServer> {
  for (let attempt = 1; ; attempt++) {
    const { address, child, fault } = await startOnce(request)
    if (fault === undefined) return { address, child }
    await child.end(patienceMs)
    const said = [child.errorOutput(), request.folder.logTail()].filter((text) => text !== '')
    request.folder.removeConfig()
    const portTaken = said.some((text) => /already (?:in use|allocated)/i.test(text))
    if (!portTaken || request.address || attempt === attempts)
      throw startError(request, fault, said.join('\n'))
  }
}

async function startOnce(
  request: StartRequest,
): Promise<StartedServer & { readonly fault: string | undefined }> {
  const { program, folder, maxMemory, cluster, log } = request
  const [port, busPort] = await freePorts()
  const address = request.address ?? { port, password: randomBytes(32).toString('base64url') }
  folder.beginLog()
  folder.writeConfig(
    renderRedisConf({
      ...address,
      maxMemory,
      clusterBusPort: cluster ? busPort : undefined,
      dir: program.seenFolder(folder.path),
      bind: program.bind,
    }),
  )
  const child = await startOwned(
    program.command({ folder: folder.path, port: address.port }),
    program.env,
    log,
  )
  const fault =
    (await awaitReady(address, child, log)) ?? (cluster ? await assignSlots(address) : undefined)
  return { address, child, fault }
}

function startError({ program, folder }: StartRequest, fault: string, said: string) {
  const message = `${program.source.text} was started, but ${fault}. Mend what it says here or in ${folder.path}/redis.log, then start again:\n${said}`
  return new EmbeddedRedisError(message, { code: 'start_failed' })
}
