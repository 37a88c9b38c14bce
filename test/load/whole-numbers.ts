import { parseArgs } from 'node:util'

/**
 * Options of a program that are whole numbers, `--rows 1000`, with what they are unless given.
 *
 * @throws Error that names the option
 */
export function wholeNumbers<Name extends string>(
  unlessGiven: Readonly<Record<Name, number>>,
): Record<Name, number> {
  const names = Object.keys(unlessGiven) as Name[]
  const options = Object.fromEntries(names.map((name) => [name, { type: 'string' } as const]))
  const { values } = parseArgs({ options })
  const parsed = names.map((name) => [name, numberOf(name, values[name] ?? unlessGiven[name])])
  return Object.fromEntries(parsed)
}

function numberOf(name: string, value: unknown): number {
  if (/^\d+$/.test(String(value))) return Number(value)
  throw new Error(`--${name} is "${value}". Give a whole number.`)
}
