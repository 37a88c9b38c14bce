import type { z } from 'zod'
import { jsonOf, unexpectedAnswer } from '../client-error.ts'
import type { Transport } from '../transport.ts'
import { linesOf } from './lines.ts'
import type { StreamedCall } from './streamed-call.ts'

/**
 * The lines of an answer in NDJSON. Where the connection breaks they go on behind the last one, by its cursor: none is missing
 * and none comes twice.
 */
export async function* resumedLines<Line extends { readonly cursor: string }>(
  transport: Transport,
  schema: z.ZodType<Line>,
  call: StreamedCall,
): AsyncGenerator<Line, void, undefined> {
  const patience = transport.patience(call.signal)
  let query = call.query ?? {}
  for (;;) {
    try {
      const { status, chunks } = await transport.open({ ...call, query })
      for await (const text of linesOf(chunks)) {
        const line = parseLine(schema, status, text)
        query = { ...query, cursor: line.cursor }
        patience.reset()
        yield line
      }
      return
    } catch (error) {
      await patience.after(error)
    }
  }
}

function parseLine<Line>(schema: z.ZodType<Line>, status: number, text: string): Line {
  const { success, data, error } = schema.safeParse(jsonOf(Buffer.from(text)))
  if (success) return data
  const [issue] = error.issues
  throw unexpectedAnswer(status, `a line has /${issue?.path.join('/')} ${issue?.message}`)
}
