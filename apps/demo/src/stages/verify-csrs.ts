import { readFile } from 'node:fs/promises'
import { type CsrFacts, readFacts } from '../csr-facts.ts'
import type { FinishedCsr } from '../csr-table.ts'
import { DemoError, reasonOf } from '../demo-error.ts'
import { commonNameOf } from '../fleet.ts'
import { stopwatch } from '../format-duration.ts'
import { opensslVersion, verifyWithOpenssl } from '../openssl.ts'
import type { Screen } from '../screen.ts'
import type { Saved } from './make-csrs.ts'

/** Reads every file back, and has somebody else's software, OpenSSL, verify it; also gives how it was verified, in words. */
export async function verifyCsrs(
  screen: Screen,
  saved: readonly Saved[],
  signal: AbortSignal,
): Promise<{ csrs: FinishedCsr[]; how: string }> {
  screen.stage(
    'Verifying the files',
    'openssl req -verify checks each signature; the CN must be the one that was asked for',
  )
  const openssl = await opensslVersion()
  if (openssl === undefined) {
    screen.note(
      'There is no openssl on PATH: the files are read, but their signatures not checked.',
    )
  }
  const elapsed = stopwatch()
  const csrs: FinishedCsr[] = []
  for (const server of saved) {
    const facts = await verify(server, openssl !== undefined, signal)
    csrs.push({ ...server, ...facts })
  }
  const how = openssl === undefined ? 'read back without OpenSSL' : `verified by ${openssl}`
  screen.done(`${csrs.length} of ${saved.length} ${how}, in ${elapsed()}`)
  return { csrs, how }
}

async function verify(server: Saved, byOpenssl: boolean, signal: AbortSignal): Promise<CsrFacts> {
  try {
    const facts = readFacts(await readFile(server.file, 'utf8'))
    const asked = commonNameOf(server)
    if (facts.commonName !== asked) {
      throw new DemoError(`its CN is ${facts.commonName ?? 'missing'}, not ${asked}`)
    }
    if (byOpenssl) await verifyWithOpenssl(server.file, signal)
    return facts
  } catch (cause) {
    throw new DemoError(`The CSR of ${server.name} is not right: ${reasonOf(cause)}`, { cause })
  }
}
