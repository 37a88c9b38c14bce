/**
 * The tables of docs/settings.md, from what the programs declare in their `config.ts`. Which table a setting stands in, and
 * in which order, the page says: each table follows a mark that names its settings, `<!-- settings: HOST PORT -->`.
 */
import type { SettingsShape } from '@csr-foundry/service'
import { table } from './tables.ts'

/** What each program reads, by the program's name. */
type Programs = Readonly<Record<string, SettingsShape>>

/** A setting as one program has it. */
type Setting = { readonly name: string; readonly program: string; readonly schema: JsonSchema }

type JsonSchema = ReturnType<SettingsShape[string]['toJSONSchema']>

/**
 * The page with its tables written anew.
 *
 * @throws {Error} where a setting is not told, not on the page, twice on it, or not the same in two programs
 */
export function withSettings(page: string, programs: Programs): string {
  const settings = Map.groupBy(settingsOf(programs), ({ name }) => name)
  const left = new Set(settings.keys())
  const take = (name: string) => {
    if (!left.delete(name)) throw new Error(`${name} is no setting, or is on the page twice.`)
    return rowsOf(name, settings.get(name) ?? [])
  }
  const written = page.replace(marked, (_, mark: string, names: string) => {
    const rows = names.split(' ').flatMap(take)
    return mark + table(['name', 'takes', 'default', 'processes', 'meaning'], rows)
  })
  if (left.size > 0) throw new Error(`Name these in a mark of the page: ${[...left].join(', ')}.`)
  return written
}

const marked = /^(<!-- settings: (.*) -->\n\n)(?:\|.*\n)*/gm

const settingsOf = (programs: Programs): Setting[] =>
  Object.entries(programs).flatMap(([program, shape]) =>
    Object.entries(shape).map(([name, zod]) => ({ name, program, schema: schemaOf(zod) })),
  )

/** As it is given, which is text, with what is known of it once it is parsed: the bounds of a number. */
const schemaOf = (zod: SettingsShape[string]): JsonSchema => ({
  ...zod.toJSONSchema({ io: 'input', unrepresentable: 'any' }),
  ...zod.toJSONSchema({ io: 'output', unrepresentable: 'any' }),
})

function rowsOf(name: string, settings: readonly Setting[]): string[][] {
  const processes = settings.map(({ program }) => program).join(', ')
  const schemas = settings.map(({ schema }) => schema)
  const taken = agreed(name, schemas.map(takes))
  const meaning = agreed(
    name,
    schemas.map(({ description }) => description),
  )
  const row = [code(name), taken, defaults(settings), processes, meaning]
  if (!schemas.some(({ mayBeFile }) => mayBeFile)) return [row]
  const fromFile = `The same from a file: its text without the last line break. Set this or \`${name}\`, not both.`
  return [row, [code(`${name}_FILE`), 'a file', '', processes, fromFile]]
}

/** What all programs say of a setting, for a cell of a table. */
function agreed(name: string, texts: readonly (string | undefined)[]): string {
  const [text, ...others] = new Set(texts)
  if (others.length > 0) throw new Error(`Programs say different things of ${name}.`)
  if (!text) throw new Error(`Say with describe() and meta({ takes }) what ${name} is and takes.`)
  return text.replaceAll('|', '\\|')
}

/** In words where the schema has some, else its bounds or values. */
function takes(schema: JsonSchema): string {
  const { minimum, maximum, anyOf = [] } = schema
  if (typeof schema.takes === 'string') return schema.takes
  if (minimum !== undefined && maximum !== undefined) {
    return `${minimum.toLocaleString('en')} to ${maximum.toLocaleString('en')}`
  }
  const values = schema.enum ?? (schema.const === undefined ? [] : [schema.const])
  return [values.map(code).join(', '), ...anyOf.map((one) => takes(one as JsonSchema))]
    .filter((text) => text !== '')
    .join(' or ')
}

function defaults(settings: readonly Setting[]): string {
  const given = settings.filter(({ schema }) => schema.default !== undefined)
  const users = Map.groupBy(given, ({ schema }) => schema.default)
  if (users.size === 1) return [...users.keys()].map(code).join('')
  return [...users]
    .map(([value, of]) => `${code(value)} in ${of.map(({ program }) => program).join(', ')}`)
    .join(', ')
}

const code = (value: unknown) => `\`${value}\``
