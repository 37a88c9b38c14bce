import { ClientError } from '@csr-foundry/client'
import { exitCodes } from '../exit-codes.ts'
import { Failure } from '../failure.ts'
import type { OutFolder } from './out-folder.ts'
import { addRow, tellRow, toldOneByOne } from './tell-rejected.ts'

/** Where nothing of an atomic batch was taken: says which rows were not valid, and gives a failure that does not say it again. */
export function refusedRows(error: unknown, folder: OutFolder | undefined): unknown {
  if (!(error instanceof ClientError) || error.code !== 'batch_rejected') return error
  const rows = Map.groupBy(error.problem?.errors ?? [], ({ line = 0 }) => line)
  using file = folder?.rejected()
  for (const [line, errors] of [...rows].slice(0, toldOneByOne)) tellRow({ line, errors })
  for (const [line, errors] of rows) addRow(file, { line, errors })
  file?.finish()
  const hint = 'Correct these rows and hand the file in again; there may be more.'
  const message = error.problem?.detail ?? error.message
  return new Failure(error.code, message, { hint, exitCode: exitCodes.no, cause: error })
}
