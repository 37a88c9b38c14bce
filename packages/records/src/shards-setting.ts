import { wholeNumber } from '@csr-foundry/service'
import { maxShards } from './shards.ts'

/** `SHARDS`, of every program; the description is that of docs/settings.md. */
export const shardsSetting = wholeNumber(1, maxShards)
  .default(1)
  .describe(
    'How many shards the processes look at. The same in all processes. Each tenant lives in one of them, the one that had the fewest when it was made.',
  )
