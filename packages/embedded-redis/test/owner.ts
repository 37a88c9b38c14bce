// An owner for tests that end it: starts a Redis, prints its address and process id, and stays.
import { startEmbeddedRedis } from '../src/index.ts'

const [dataDir = ''] = process.argv.slice(2)
const { url, pid } = await startEmbeddedRedis({ dataDir })
process.stdout.write(`${JSON.stringify({ url, pid })}\n`)
