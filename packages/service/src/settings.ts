/**
 * Settings come from the environment and are parsed once, whole, when a process starts.
 *
 * Rules: every fault is listed at once, each with the name of its setting; an empty variable counts as unset; a setting
 * whose schema is made by {@link secretSetting} may come as `NAME` or as `NAME_FILE`, and is never echoed.
 */
import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { SetupError } from './run-program.ts'
import { Secret } from './secret.ts'

export class SettingsError extends SetupError {
  override readonly name = 'SettingsError'
  readonly faults: readonly string[]

  constructor(faults: readonly string[]) {
    super(`The settings are not usable:\n${faults.map((fault) => `  - ${fault}`).join('\n')}`)
    this.faults = faults
  }
}

/** A whole number within bounds, given as text. */
export function wholeNumber(minimum: number, maximum: number) {
  const message = `must be a whole number from ${minimum} to ${maximum}`
  return z
    .string()
    .regex(/^\d{1,15}$/, message)
    .transform(Number)
    .pipe(z.number().min(minimum, message).max(maximum, message))
}

export const trueOrFalse = z
  .enum(['true', 'false'], 'must be true or false')
  .transform((text) => text === 'true')

export const secretSetting = z.string().transform((text) => new Secret(text))

const levels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace'] as const

export const logLevelSetting = z.enum(levels, `must be one of ${levels.join(', ')}`)

export const userNameSetting = z
  .string()
  .regex(/^[\w.-]{1,64}$/, 'must be 1 to 64 letters, digits, dots, dashes or underscores')

export const passwordSetting = secretSetting.refine(
  (password) => password.reveal().length >= 8,
  'must have at least 8 characters',
)

/** A token that is sent in a header, where nothing slows who guesses it. */
export const tokenSetting = secretSetting.refine(
  (token) => /^[\x21-\x7e]{32,512}$/.test(token.reveal()),
  'must be 32 to 512 characters of ASCII without blanks, best at random',
)

/**
 * Parses the settings that `shape` names out of an environment.
 *
 * @param secrets settings that may also come from the file that `<name>_FILE` names (its text without the last newline)
 * @throws {SettingsError} with all faults
 */
export function parseSettings<Shape extends z.ZodRawShape>(
  shape: Shape,
  environment: Environment,
  secrets: readonly (keyof Shape & string)[] = [],
): z.output<z.ZodObject<Shape>> {
  const faults: string[] = []
  const given = setVariables(Object.keys(shape), environment)
  for (const name of secrets) Object.assign(given, secretFromFile(name, environment, given, faults))
  const parsed = z.object(shape).safeParse(given)
  for (const issue of parsed.error?.issues ?? []) {
    const name = issue.path.join('.')
    if (faults.some((fault) => fault.startsWith(`${name}_FILE: `))) continue
    faults.push(`${name}: ${given[name] === undefined ? 'must be set' : issue.message}`)
  }
  if (!parsed.success || faults.length > 0) throw new SettingsError(faults)
  return parsed.data
}

type Environment = Readonly<Record<string, string | undefined>>

function setVariables(names: readonly string[], environment: Environment): Record<string, string> {
  const set = names.flatMap((name) => (environment[name] ? [[name, environment[name]]] : []))
  return Object.fromEntries(set)
}

function secretFromFile(
  name: string,
  environment: Environment,
  given: Readonly<Record<string, string>>,
  faults: string[],
): Record<string, string> {
  const file = environment[`${name}_FILE`]
  if (!file) return {}
  if (given[name] === undefined) return readSecretFile(name, file, faults)
  faults.push(`${name}: set it or ${name}_FILE, not both`)
  return {}
}

function readSecretFile(name: string, file: string, faults: string[]): Record<string, string> {
  try {
    const text = readFileSync(file, 'utf8').replace(/\r?\n$/, '')
    // Unlike an empty variable, which says "unset", such a file was meant to hold something.
    if (text === '') faults.push(`${name}_FILE: ${file} is empty`)
    return { [name]: text }
  } catch (error) {
    const reason = error instanceof Error && 'code' in error ? String(error.code) : 'unreadable'
    faults.push(`${name}_FILE: ${file} cannot be read (${reason}); check the path and its mode`)
    return {}
  }
}
