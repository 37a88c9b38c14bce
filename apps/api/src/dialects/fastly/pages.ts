import { writtenAs } from '@csr-foundry/native-api'
import { z } from 'zod'

const most = 100
const usual = 20
const sizeRule = `must be a whole number from 1 to ${most}`
const numberRule = 'must be a whole number from 1 on'

/** `page[size]`: how many one page holds. */
export const pageSize = writtenAs(
  z.string('must be given once').regex(/^[1-9]\d{0,2}$/, sizeRule),
  { type: 'integer', minimum: 1, maximum: most, default: usual },
)
  .transform(Number)
  .refine((size) => size <= most, sizeRule)
  .default(usual)

/** `page[number]`, from 1 on. */
export const pageNumber = writtenAs(
  z.string('must be given once').regex(/^[1-9]\d{0,8}$/, numberRule),
  { type: 'integer', minimum: 1, maximum: 999_999_999, default: 1 },
)
  .transform(Number)
  .default(1)

/** `page[after]`: the last id of the page before. */
export const pageAfter = z
  .string('must be given once')
  .regex(/^[1-9]\d{0,14}$/, 'is not the id of a request; use links.next of the answer before')
  .transform(Number)
  .optional()

/** The query of a link; what is undefined is left out. */
export function parameters(values: Readonly<Record<string, string | number | undefined>>): string {
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries(values)) {
    if (value !== undefined) query.append(name, String(value))
  }
  return query.toString()
}
