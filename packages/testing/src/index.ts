export { runningDescendants } from './running-descendants.ts'
export { type CollectedSpan, type Collector, startCollector } from './start-collector.ts'
export { startRedis, type TestRedis } from './start-redis.ts'
export type { StartRedisOptions } from './test-server.ts'
