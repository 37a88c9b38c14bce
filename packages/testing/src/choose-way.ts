import { dockerEngineVersion } from '@csr-foundry/embedded-redis'
import { type RedisWay, readConfig } from './config.ts'

const answerMs = 900
let chosen: Promise<RedisWay> | undefined

/** The way of this process's tests; found out, and told on stderr, once. */
export function chooseWay(): Promise<RedisWay> {
  chosen ??= findWay()
  return chosen
}

async function findWay(): Promise<RedisWay> {
  const { redisWay, env } = readConfig()
  if (redisWay !== undefined) return told(redisWay, 'as TEST_REDIS says')
  const engine = await dockerEngineVersion(env, answerMs)
  return engine === undefined
    ? told('embedded', 'no Docker engine answers')
    : told('testcontainers', `Docker ${engine} answers`)
}

function told(way: RedisWay, reason: string): RedisWay {
  process.stderr.write(`tests use Redis by ${way}: ${reason}\n`)
  return way
}
