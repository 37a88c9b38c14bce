import { hostname } from 'node:os'
import type { OpenedVault } from '@csr-foundry/key-vault'
import type { Logger } from '@csr-foundry/service'
import { Rounds } from './rounds.ts'

const every = 2_000
const sayEvery = 60_000

/** Has this process take up a rotation of the master key without a restart, and says what it lacks for that. */
export function followMasterKey(
  { masterKey }: OpenedVault,
  log: Logger,
): { stop(): Promise<void> } {
  const name = `${hostname()}:${process.pid}`
  let said = 0
  const rounds = new Rounds(async () => {
    try {
      const ids = await masterKey.follow(name)
      if (ids.length === 0 || Date.now() - said < sayEvery) return
      said = Date.now()
      log.warn({ ids }, 'the master key is rotated, and its new file is not on this host')
    } catch (error) {
      log.warn({ err: error }, 'a rotation was not looked for; the next round does')
    }
  }, every)
  rounds.start()
  return {
    stop: async () => {
      await rounds.stop()
      await masterKey.leave(name)
    },
  }
}
