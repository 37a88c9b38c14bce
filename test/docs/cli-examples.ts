/**
 * The examples of docs/cli.md, in their order: every `sh` block but those that install. Where a `text` block follows directly,
 * it is what a terminal shows; a `json` block is what comes on standard output. `…` stands for anything.
 */
import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { expect } from 'vitest'
import { type Block, blocksOf, readText, root } from './pages.ts'

const run = promisify(execFile)

export type CliExample = { script: string; answer: Block | undefined; line: number }

export const cliExamples = examplesOf(readText('docs/cli.md'))

function examplesOf(page: string): Record<'withoutService' | 'withService', CliExample[]> {
  const blocks = blocksOf(page)
  const all = blocks.flatMap(({ language, text, line }, index): CliExample[] => {
    if (language !== 'sh' || /^(npm|export) /.test(text)) return []
    const next = blocks[index + 1]
    const answer = next?.directly && next.language !== 'sh' ? next : undefined
    return [{ script: text, answer, line }]
  })
  const serviceLine = page.slice(0, page.indexOf('\n## Which service')).split('\n').length
  return {
    withoutService: all.filter(({ line }) => line < serviceLine),
    withService: all.filter(({ line }) => line >= serviceLine),
  }
}

export type ExampleFolder = AsyncDisposable & {
  /** Runs the examples in it one after the other, and compares what they show. */
  follow(examples: readonly CliExample[], environment?: NodeJS.ProcessEnv): Promise<void>
}

/** An empty folder, with `csrctl` to be found. */
export async function makeExampleFolder(): Promise<ExampleFolder> {
  const folder = await mkdtemp(join(tmpdir(), 'csr-foundry-cli-docs-'))
  const bin = join(folder, '.bin')
  await mkdir(bin)
  // As npm does it: so the file has to be executable and to name its interpreter.
  const { bin: programs } = JSON.parse(readText('apps/cli/package.json'))
  await symlink(join(root, 'apps/cli', programs.csrctl), join(bin, 'csrctl'))
  const own = {
    PATH: [bin, dirname(process.execPath), process.env.PATH].join(delimiter),
    NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE,
  }
  return {
    follow: async (examples, environment) => {
      expect(examples.length).toBeGreaterThan(4)
      const options = { cwd: folder, env: { ...own, ...environment } }
      for (const example of examples) await compare(example, options)
    },
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true }),
  }
}

type Options = { readonly cwd: string; readonly env: NodeJS.ProcessEnv }

async function compare({ script, answer, line }: CliExample, options: Options): Promise<void> {
  const shown = await shell(answer?.language === 'json' ? script : `exec 2>&1\n${script}`, options)
  if (answer === undefined) return
  // What fits is taken as it is written, so that a failure shows the difference.
  const fits = patternOf(answer.text).test(shown)
  expect(fits ? answer.text : shown, `docs/cli.md:${line}`).toBe(answer.text)
}

/** What it writes on standard output. A command may fail: what it shows then is compared. */
async function shell(script: string, options: Options): Promise<string> {
  const { stdout } = await run('bash', ['-c', `${script}\nexit 0`], options)
  return stdout
}

function patternOf(text: string): RegExp {
  const parts = text.split('…').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
  return new RegExp(`^${parts.join('[^]*')}$`)
}
