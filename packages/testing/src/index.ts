export { runningDescendants } from './running-descendants.ts'
export { startRedis, type TestRedis } from './start-redis.ts'
export type { StartRedisOptions } from './test-server.ts'
