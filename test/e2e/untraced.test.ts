/** Where no endpoint is set, tracing costs nothing: neither OpenTelemetry nor bullmq-otel is in the memory of a process. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { resolve } from 'node:path'
import { leakGuard } from '@csr-foundry/testing/leak-guard'
import { expect, test } from 'vitest'

leakGuard()

const root = resolve(import.meta.dirname, '../..')
const watch = resolve(import.meta.dirname, 'watch-loads.mjs')

/** What a program has loaded by the time that it looks for a Redis that is not there. */
async function loadedBy(program: string): Promise<string> {
  const child = spawn(process.execPath, [`--import=${watch}`, program], {
    cwd: root,
    env: {
      PATH: process.env.PATH,
      NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE,
      REDIS_URL: 'redis://127.0.0.1:9',
    },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let told = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    told += text
    if (told.includes('"msg":"redis connection"')) child.kill('SIGKILL')
  })
  await once(child, 'close')
  expect(told).toContain('"msg":"redis connection"')
  return told
}

test.each(['apps/api/src/main.ts', 'apps/worker/src/work.ts'])(
  '%s loads nothing of OpenTelemetry',
  async (program) => {
    const told = await loadedBy(program)
    expect(told).toMatch(/loaded \S+node_modules\/bullmq\//)
    expect(told).toMatch(/loaded \S+tracing\/start-tracing\.ts/)
    expect(told.match(/loaded \S*(opentelemetry|bullmq-otel|trace-to)\S*/g)).toBeNull()
  },
)
