import { expect, test } from 'vitest'
import { readRedisConf, renderRedisConf } from '../../src/run/redis-conf.ts'

const settings = {
  port: 40_001,
  password: 'a-random_password',
  maxMemory: 1024,
  clusterBusPort: undefined,
  dir: '/data',
  bind: '127.0.0.1',
}

test('address and password are read back as they were written', () => {
  const { port, password } = settings
  expect(readRedisConf(renderRedisConf(settings))).toEqual({ port, password })
  expect(readRedisConf(renderRedisConf({ ...settings, clusterBusPort: 40_002 }))).toEqual({
    port,
    password,
  })
  expect(readRedisConf('')).toBeUndefined()
})

test('a folder cannot add settings', () => {
  const conf = renderRedisConf({ ...settings, dir: '/a "b"\\\nprotected-mode no' })
  expect(conf).toContain('dir "/a \\"b\\"\\\\\\nprotected-mode no"\n')
  expect(conf).not.toMatch(/^protected-mode no$/m)
})
