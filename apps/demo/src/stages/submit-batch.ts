import { relative } from 'node:path'
import { stopwatch } from '../format-duration.ts'
import { type CsrctlCall, runCsrctl } from '../run-csrctl.ts'
import type { Screen } from '../screen.ts'

export type BatchCall = CsrctlCall & {
  /** A CSV of devices. */
  readonly file: string
  /** Where the CSRs go. */
  readonly folder: string
}

/** Hands a file in as a user would, and has the CSRs written; gives how long that took (ms), in words too. */
export async function submitBatch(
  screen: Screen,
  call: BatchCall,
): Promise<{ milliseconds: number; took: string }> {
  const [file, folder] = [call.file, call.folder].map((path) => relative(process.cwd(), path))
  screen.stage(
    'Submitting a file of 1,000 devices',
    `csrctl submit ${file} --out ${folder}: one call takes it in, the CSRs come back as a stream`,
  )
  const elapsed = stopwatch()
  const started = performance.now()
  // Of an earlier demo there may be files.
  const args = [
    'submit',
    call.file,
    '--out',
    relative(process.cwd(), call.folder),
    '--force',
    '--again',
  ]
  const { stdout, said } = await runCsrctl(args, call)
  const milliseconds = performance.now() - started
  for (const line of `${stdout}${said}`.trimEnd().split('\n')) screen.note(line)
  const took = elapsed()
  screen.done(`handed in, made and saved in ${took}, with the start of csrctl`)
  return { milliseconds, took }
}
