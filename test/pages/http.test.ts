/**
 * Runs the pages' examples: a `sh` block with curl or csrctl, or a `js` block, that is directly followed by its answer. `…` in an
 * answer stands for anything; an answer of type `http` names some of the headers, all others are free. What an `export` block
 * sets is there for the examples after it.
 */
import { execFile } from 'node:child_process'
import { delimiter, dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { leakGuard } from '@csr-foundry/testing/leak-guard'
import { expect, test } from 'vitest'
import { type Block, blocksOf, readText, root } from '../docs/pages.ts'
import { password, startService } from '../e2e/start-service.ts'

const run = promisify(execFile)

type Example = { readonly block: Block; readonly answer: Block | undefined }
type Environment = Record<string, string | undefined>

leakGuard()

/** In the order in which they build on each other. */
const pages = [
  'README.md',
  'docs/lxca.md',
  'docs/native-api.md',
  'docs/fastly.md',
  'docs/accounts.md',
  'docs/operations.md',
]

test('the examples give what the pages say', async () => {
  await using service = await startService()
  let env: Environment = {
    PATH: [dirname(process.execPath), process.env.PATH].join(delimiter),
    HOME: process.env.HOME,
    NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE,
    URL: service.url,
    PASSWORD: password,
  }
  for (const page of pages) {
    const examples = examplesOf(page)
    expect(examples.length, page).toBeGreaterThan(1)
    for (const { block, answer } of examples) {
      if (answer) compare(answer, await outputOf(block, env), `${page}:${block.line}`)
      else env = { ...(await exportsOf(block, env)), ...env }
    }
  }
})

function examplesOf(page: string): Example[] {
  const blocks = blocksOf(readText(page))
  return blocks.flatMap((block, index): Example[] => {
    const next = blocks[index + 1]
    if (block.language === 'sh' && block.text.startsWith('export ')) {
      return [{ block, answer: undefined }]
    }
    return next?.directly && isProgram(block) ? [{ block, answer: next }] : []
  })
}

const isProgram = ({ language, text }: Block) =>
  language === 'js' || (language === 'sh' && /\bcurl |\bcsrctl /.test(text))

async function outputOf({ language, text }: Block, env: Environment): Promise<string> {
  const [program, ...args] =
    language === 'js'
      ? [process.execPath, '--input-type=module', '--eval', text]
      : ['bash', '-euo', 'pipefail', '-c', text]
  // Where the packages are that the programs import.
  const { stdout } = await run(String(program), args, { env, cwd: join(root, 'test') })
  return stdout.replaceAll('\r\n', '\n')
}

async function exportsOf({ text }: Block, env: Environment): Promise<Environment> {
  const args = ['-euo', 'pipefail', '-c', `${text}\nenv -0`]
  const { stdout } = await run('bash', args, { env, cwd: root })
  const pairs = stdout.split('\0').filter((pair) => pair !== '')
  return Object.fromEntries(pairs.map((pair) => splitAt(pair, pair.indexOf('='))))
}

const splitAt = (text: string, at: number) => [text.slice(0, at), text.slice(at + 1)]

function compare({ language, text }: Block, output: string, where: string): void {
  if (language === 'json') expect(JSON.parse(output), where).toEqual(expected(JSON.parse(text)))
  else if (language === 'http') compareHttp(text, output, where)
  else expect(output.trimEnd(), where).toMatch(pattern(text.trimEnd()))
}

function compareHttp(documented: string, output: string, where: string): void {
  const asked = parseHttp(documented)
  const got = parseHttp(output)
  expect(got.status, where).toBe(asked.status)
  for (const [name, value] of asked.headers) {
    expect(got.headers.get(name), `${where} ${name}`).toMatch(pattern(value))
  }
  const language = asked.headers.get('content-type') === 'application/json' ? 'json' : 'text'
  compare({ language, text: asked.body, line: 0, directly: true }, got.body, where)
}

function parseHttp(text: string) {
  const split = text.indexOf('\n\n')
  const [status = '', ...lines] = text.slice(0, split).split('\n')
  const headers = lines.map((line): [string, string] => {
    const colon = line.indexOf(':')
    return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()]
  })
  return { status: status.trim(), headers: new Map(headers), body: text.slice(split + 2) }
}

/** The same value, with a matcher for every text that has a `…`. */
function expected(value: unknown): unknown {
  if (typeof value === 'string')
    return value.includes('…') ? expect.stringMatching(pattern(value)) : value
  if (Array.isArray(value)) return value.map(expected)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, expected(inner)]))
}

function pattern(text: string): RegExp {
  const parts = text.split('…').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
  return new RegExp(`^${parts.join('[^]*')}$`)
}
