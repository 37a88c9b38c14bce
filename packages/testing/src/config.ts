/** How tests get their Redis. */
export type RedisWay = 'testcontainers' | 'embedded'

const ways: readonly string[] = ['testcontainers', 'embedded'] satisfies RedisWay[]

/** This process's settings; nothing else in this package reads the environment. */
export interface TestingConfig {
  /** TEST_REDIS; undefined: containers where a Docker engine answers. */
  readonly redisWay: RedisWay | undefined
  /** All variables, for programs that are started. */
  readonly env: NodeJS.ProcessEnv
}

/** @throws Error when TEST_REDIS names no way */
export function readConfig(env = process.env): TestingConfig {
  const way = env.TEST_REDIS
  if (way !== undefined && way !== '' && !ways.includes(way)) {
    throw new Error(`TEST_REDIS is "${way}". Set it to ${ways.join(' or ')}, or leave it unset.`)
  }
  return { redisWay: way === '' ? undefined : (way as RedisWay | undefined), env }
}

/** Whether tests are to do as much as their promises say. */
export const isLongRun = process.env.TEST_LONG === 'true'
