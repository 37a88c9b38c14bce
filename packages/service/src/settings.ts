/**
 * Settings come from the environment and are parsed once, whole, when a process starts.
 *
 * Rules: every fault is listed at once, each with the name of its setting; an empty variable counts as unset; a setting
 * whose schema is made by `secretSetting` may come as `NAME` or as `NAME_FILE` (the text of that file without its last line
 * break), and is never echoed.
 */
import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { SetupError } from './run-program.ts'

export class SettingsError extends SetupError {
  override readonly name = 'SettingsError'
  readonly faults: readonly string[]

  constructor(faults: readonly string[]) {
    super(`The settings are not usable:\n${faults.map((fault) => `  - ${fault}`).join('\n')}`)
    this.faults = faults
  }
}

/** Settings by name. What a program reads is told to its operators too: each needs a description. */
export type SettingsShape = Readonly<Record<string, z.ZodType>>

/**
 * Parses the settings that `shape` names out of an environment.
 *
 * @throws {SettingsError} with all faults
 */
export function parseSettings<Shape extends SettingsShape>(
  shape: Shape,
  environment: Environment,
): z.output<z.ZodObject<Shape>> {
  const faults: string[] = []
  const given = setVariables(Object.keys(shape), environment)
  for (const name of secretsIn(shape)) {
    Object.assign(given, secretFromFile(name, environment, given, faults))
  }
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

const secretsIn = (shape: SettingsShape) =>
  Object.keys(shape).filter((name) => mayBeFile(shape[name]))

/** What wraps a schema does not have its mark. */
function mayBeFile(schema: unknown): boolean {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault) {
    return mayBeFile(schema.unwrap())
  }
  return schema instanceof z.ZodType && schema.meta()?.mayBeFile === true
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
