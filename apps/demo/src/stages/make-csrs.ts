import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DemoError, reasonOf } from '../demo-error.ts'
import { stopwatch } from '../format-duration.ts'
import type { FetchedCsr, LxcaClient } from '../lxca-client.ts'
import type { Screen } from '../screen.ts'
import type { Submitted } from './submit-fleet.ts'

/** A server whose CSR lies in a file. */
export type Saved = Submitted & Omit<FetchedCsr, 'pem'> & { readonly file: string }

/** Fetches every CSR as soon as it is made and writes it to `<folder>/<name>.csr.pem`; also gives how long that took. */
export async function makeCsrs(
  screen: Screen,
  client: LxcaClient,
  submitted: readonly Submitted[],
  folder: string,
): Promise<{ saved: Saved[]; took: string }> {
  screen.stage(
    'Making keys and CSRs',
    'the workers make them; GET ?path=N is held until the CSR of N is there',
  )
  const elapsed = stopwatch()
  await mkdir(folder, { recursive: true })
  const results = await fetchAll(screen, client, submitted, folder)
  const saved = allOf(results)
  const took = elapsed()
  screen.done(`${saved.length} CSRs made and saved in ${took}`)
  return { saved, took }
}

async function fetchAll(
  screen: Screen,
  client: LxcaClient,
  submitted: readonly Submitted[],
  folder: string,
): Promise<PromiseSettledResult<Saved>[]> {
  using progress = screen.progress(submitted.length)
  const fetchOne = async (server: Submitted): Promise<Saved> => {
    try {
      const saved = await save(server, await client.fetchCsr(server.path), folder)
      progress.advance(server.name)
      return saved
    } catch (cause) {
      const reason = `The CSR of ${server.name} (path ${server.path}) was not made: ${reasonOf(cause)}`
      throw new DemoError(reason, { cause })
    }
  }
  return await Promise.allSettled(submitted.map(fetchOne))
}

async function save(
  server: Submitted,
  { pem, ...times }: FetchedCsr,
  folder: string,
): Promise<Saved> {
  const file = join(folder, `${server.name}.csr.pem`)
  await writeFile(file, pem)
  return { ...server, ...times, file }
}

/** The first failure speaks for all; how many more there are is said with it. */
function allOf(results: readonly PromiseSettledResult<Saved>[]): Saved[] {
  const failures = results.flatMap((one) => (one.status === 'rejected' ? [one.reason] : []))
  const [first] = failures
  if (first === undefined) {
    return results.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []))
  }
  const more = failures.length > 1 ? ` (and ${failures.length - 1} more)` : ''
  throw new DemoError(`${reasonOf(first)}${more}`, { cause: first })
}
