/** The examples of docs/cli.md and docs/client.md, on a service that was just started. */
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { leakGuard } from '@csr-foundry/testing/leak-guard'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { cliExamples, type ExampleFolder, makeExampleFolder } from '../docs/cli-examples.ts'
import { blocksOf, readText, root } from '../docs/pages.ts'
import { password, type Service, startService } from '../e2e/start-service.ts'

leakGuard()

const run = promisify(execFile)

let folder: ExampleFolder
let service: Service
const stack = new AsyncDisposableStack()
beforeAll(async () => {
  folder = stack.use(await makeExampleFolder())
  service = stack.use(await startService())
})
afterAll(() => stack.disposeAsync())

const settings = () => ({
  CSRCTL_URL: service.url,
  CSRCTL_USER: 'admin',
  CSRCTL_PASSWORD: password,
})

test('the examples of docs/cli.md that need no service show what the page says', () =>
  folder.follow(cliExamples.withoutService))

test('those that need one as well', () => folder.follow(cliExamples.withService, settings()))

test('the program of docs/client.md prints what the page says', async () => {
  const [program, answer] = blocksOf(readText('docs/client.md'))
  const args = ['--input-type=module', '--eval', program?.text ?? '']
  const { PATH, NODE_COMPILE_CACHE } = process.env
  const env = { PATH, NODE_COMPILE_CACHE, ...settings() }
  const { stdout } = await run(process.execPath, args, { cwd: join(root, 'test'), env })
  expect(stdout).toBe(answer?.text)
})
