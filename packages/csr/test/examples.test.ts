import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { stripTypeScriptTypes } from 'node:module'
import { describe, expect, it } from 'vitest'
import * as csr from '../src/index.ts'
import { makeCsr, specOf } from './make-csr.ts'

const { der } = await makeCsr(
  specOf({ subjectAltNames: [{ type: 'dns', value: 'edge-1.example.com' }] }),
)
const scope: Record<string, unknown> = { ...csr, examplePem: csr.toPem(der) }

type Exported = { name: string; isType: boolean; doc: string; file: string }

const exported = exportsOf(new URL('../src/index.ts', import.meta.url))
const values = exported.filter(({ isType }) => !isType)

describe('what the package exports', () => {
  it('is found in the sources, all of it', () => {
    expect(values.map(({ name }) => name).toSorted()).toEqual(Object.keys(csr).toSorted())
  })

  it('has a docstring each', () => {
    expect(placesOf(exported.filter(({ doc }) => doc === ''))).toEqual([])
  })

  it('has an example each, types left out', () => {
    expect(placesOf(values.filter(({ doc }) => examplesOf(doc).length === 0))).toEqual([])
  })
})

describe('the example of', () => {
  const examples = values.flatMap(({ name, doc, file }) =>
    examplesOf(doc).map((code, i) => ({ name, code, file, i })),
  )

  it.each(examples)('$name in $file ($i) does what it says', async ({ code }) => {
    const expectations = code.split('\n').filter((line) => line.includes('// =>'))
    expect(expectations).not.toEqual([])
    await run(code)
  })
})

/** Runs an example: `expression // => value` has to be that value, any other line is a statement. */
async function run(code: string): Promise<void> {
  const lines = code.split('\n').map((line) => {
    const [, expression, value] = line.match(/^(.*?)\s*\/\/ => (.*)$/) ?? []
    return expression === undefined ? line : `same(await (${expression}), (${value}))`
  })
  const names = Object.keys(scope)
  const body = stripTypeScriptTypes(
    `async function example(${[...names, 'same'].join(', ')}) {\n${lines.join('\n')}\n}`,
  )
  const example = new Function(`${body}; return example`)()
  await example(...names.map((name) => scope[name]), assert.deepStrictEqual)
}

/** Follows `export { … } from './x.ts'`: every name with the docstring at its declaration. */
function exportsOf(index: URL): Exported[] {
  const statements = readFileSync(index, 'utf8').matchAll(
    /export (?<type>type )?\{(?<names>[^}]*)\} from '(?<file>[^']+)'/g,
  )
  return [...statements].flatMap(({ groups = {} }) => {
    const { type, names = '', file = '' } = groups
    return names
      .split(',')
      .map((name) => name.trim())
      .filter((name) => name !== '')
      .map((written) => {
        const name = written.replace(/^type /, '')
        const isType = type !== undefined || written.startsWith('type ')
        return { name, isType, ...declaration(new URL(file, index), name) }
      })
  })
}

/** The docstring in front of a declaration, wherever an export of it leads. */
function declaration(file: URL, name: string): { doc: string; file: string } {
  const source = readFileSync(file, 'utf8')
  const declared = new RegExp(
    `(?<doc>/\\*\\*(?:(?!\\*/)[\\s\\S])*\\*/\\n)?export (?:async )?(?:function|const|class|type|interface) ${name}\\b`,
  ).exec(source)
  if (declared !== null) {
    return { doc: declared.groups?.doc ?? '', file: file.pathname.split('/src/')[1] ?? '' }
  }
  const [, from] =
    source.match(new RegExp(`export (?:type )?\\{[^}]*\\b${name}\\b[^}]*\\} from '([^']+)'`)) ?? []
  if (from === undefined) throw new Error(`${file.pathname} does not declare ${name}.`)
  return declaration(new URL(from, file), name)
}

/** The code of the fenced blocks after `@example`. */
function examplesOf(doc: string): string[] {
  const text = doc.replace(/^ \* ?/gm, '')
  const [, ...examples] = text.split(/^@example$/m)
  return examples.flatMap((example) =>
    [...example.matchAll(/```ts\n(?<code>[\s\S]*?)```/g)].map(({ groups }) => groups?.code ?? ''),
  )
}

function placesOf(found: Exported[]): string[] {
  return found.map(({ name, file }) => `${name} in ${file}`)
}
