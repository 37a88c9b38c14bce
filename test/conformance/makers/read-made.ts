import type { Outcome } from '../readers/run-command.ts'
import type { MadeCsr } from './maker.ts'

/** What a maker's program wrote: a line for each CSR, `what` and base64 DER with a tab between. */
export function* readMade({
  exitCode,
  stdout,
  stderr,
}: Outcome): Generator<Omit<MadeCsr, 'maker'>> {
  if (exitCode !== 0) throw new Error(stderr.toString('utf8'))
  for (const line of stdout.toString('utf8').trim().split('\n')) {
    const [what = '', base64 = ''] = line.split('\t')
    yield { what, der: Buffer.from(base64, 'base64') }
  }
}
