// A worker for a test that kills it: takes a lot, says so, and never ends it.
import { connected, connectRedis, type ShardTag, startLot } from '@csr-foundry/records'
import { LotWorker } from '../src/index.ts'

const [url = '', shard = ''] = process.argv.slice(2)
const onError = () => {}
const redis = connectRedis(url, 'work', { onError })
await connected(redis, 5_000)
new LotWorker(redis, {
  shard: shard as ShardTag,
  lane: 'fast',
  concurrency: 1,
  process: async (run) => {
    await startLot(redis, run)
    process.send?.(run.lot)
    return await new Promise(() => {})
  },
  giveBack: async () => {},
  onError,
})
process.on('disconnect', () => process.exit())
