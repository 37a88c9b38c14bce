import { toPem } from '@csr-foundry/csr'
import type { ResultLine } from '@csr-foundry/native-api'
import { type BatchResult, type RequestState, readResults } from '@csr-foundry/records'
import type { Context } from 'hono'
import { confirmCaller } from '../../../authentication/confirm-caller.ts'
import type { Env, Services } from '../../../services.ts'
import { cursorOf } from '../cursor.ts'

export type ResultsFrom = {
  readonly id: string
  readonly row: number
  readonly state: RequestState | undefined
}

/**
 * The rows of a batch from one on, page by page and in the order of the input, up to the last one that is there. Between two
 * pages the caller is looked at again: a stream can take an hour.
 *
 * @throws {ServiceError} `credentials_invalid`, `role_missing`
 */
export async function* resultPages(
  { redis }: Services,
  c: Context<Env>,
  { id, row, state }: ResultsFrom,
): AsyncGenerator<readonly ResultLine[], void> {
  let next: number | undefined = row
  while (next !== undefined) {
    await confirmCaller(c)
    const page = await readResults(redis, c.get('place'), id, { row: next, state })
    if (page.results.length > 0) yield page.results.map(lineOf)
    next = page.next
  }
}

function lineOf({ row, id, ref, state, algorithm, ...rest }: BatchResult): ResultLine {
  const { keyId, csr, problem } = rest
  return {
    path: id,
    row,
    ...(ref !== undefined && { ref }),
    state,
    key: { ...(keyId !== undefined && { id: keyId }), algorithm },
    ...(csr && { csr: toPem(csr) }),
    ...(problem && { problem }),
    cursor: cursorOf(row + 1),
  }
}
