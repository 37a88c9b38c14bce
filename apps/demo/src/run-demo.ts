import { relative } from 'node:path'
import type { Config } from './config.ts'
import { csrTable } from './csr-table.ts'
import { readFleet } from './fleet.ts'
import { stopwatch } from './format-duration.ts'
import { LxcaClient } from './lxca-client.ts'
import type { Screen } from './screen.ts'
import type { ServiceLog } from './service-log.ts'
import { ServiceProcess } from './service-process.ts'
import { makeCsrs } from './stages/make-csrs.ts'
import { startService } from './stages/start-service.ts'
import { submitBatch } from './stages/submit-batch.ts'
import { submitFleet } from './stages/submit-fleet.ts'
import { verifyBatch } from './stages/verify-batch.ts'
import { verifyCsrs } from './stages/verify-csrs.ts'
import { makeThrowAwayFolder } from './throw-away-folder.ts'

/**
 * A fleet's CSRs, from nothing to verified files. However it ends, what it started has ended and its data is gone.
 *
 * @param stop ends it early; the reason of its signal then counts, whatever error this function throws. It is aborted
 * here when the service ends by itself
 */
export async function runDemo(
  config: Config,
  screen: Screen,
  log: ServiceLog,
  stop: AbortController,
): Promise<void> {
  const { signal } = stop
  const elapsed = stopwatch()
  const fleet = await readFleet(config.fleetFile)
  const from = relative(process.cwd(), config.fleetFile)
  screen.title('csr-foundry demo', `keys and CSRs for the ${fleet.length} servers of ${from}`)

  // Disposed of in the reverse order: the folder is removed when nobody writes to it any more.
  await using folder = await makeThrowAwayFolder()
  const { program, environment } = config.service
  await using service = new ServiceProcess(
    { program, environment: { ...environment, DATA_DIR: folder.path } },
    log,
    (error) => stop.abort(error),
  )
  const url = await startService(screen, service, config.usesGivenRedis, signal)
  const client = new LxcaClient(url, config.administrator, signal)
  const submitted = await submitFleet(screen, client, fleet)
  const { saved, took } = await makeCsrs(screen, client, submitted, config.outFolder)
  const { csrs, how } = await verifyCsrs(screen, saved, signal)

  screen.block(csrTable(csrs, screen))
  const out = `${relative(process.cwd(), config.outFolder)}/`
  screen.total(`${csrs.length} CSRs made in ${took}, saved in ${out}, ${how}`)
  if (config.batch !== undefined) {
    const { administrator } = config
    const batch = { ...config.batch, url, administrator, signal }
    await verifyBatch(screen, batch, await submitBatch(screen, batch))
  }
  await service.stop()
  screen.done(`everything is stopped; the demo took ${elapsed()}`)
}
