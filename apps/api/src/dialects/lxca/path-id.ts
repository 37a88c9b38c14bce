import { z } from 'zod'

const rule = 'must be the path that POST gave: a whole number from 1 on, without leading zeros'

/** A path id in a query or a URL segment. */
export const pathId = z
  .string({
    error: ({ input }) => (input === undefined ? `is missing; it ${rule}` : 'must be given once'),
  })
  .regex(/^[1-9]\d{0,14}$/, rule)
  .meta({ examples: ['1'] })
