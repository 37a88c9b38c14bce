/**
 * What settings are made of. What a setting takes is told here once, for the fault and for docs/settings.md: as bounds or
 * values, or, where no schema can tell it, in words that `takes` has.
 */
import { z } from 'zod'
import { Secret } from './secret.ts'

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

/** Any text that is not empty. @param takes what it is to be, such as `a name`, in Markdown */
export const textSetting = (takes: string) => z.string().meta({ takes })

export const fileSetting = textSetting('a file')

/** Text that may come as `NAME` or from the file that `NAME_FILE` names. @param takes as for {@link textSetting} */
export const secretSetting = (takes: string) =>
  z
    .string()
    .transform((text) => new Secret(text))
    .meta({ takes, mayBeFile: true })

const levels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace'] as const

export const logLevelSetting = z.enum(levels, `must be one of ${levels.join(', ')}`)

const userName = '1 to 64 letters, digits, dots, dashes or underscores'

export const userNameSetting = textSetting(userName).regex(/^[\w.-]{1,64}$/, `must be ${userName}`)

const password = 'at least 8 characters'

export const passwordSetting = secretSetting(password).refine(
  (given) => given.reveal().length >= 8,
  `must have ${password}`,
)

const token = '32 to 512 characters of ASCII without blanks, best at random'

/** A token that is sent in a header, where nothing slows who guesses it. */
export const tokenSetting = secretSetting(token).refine(
  (given) => /^[\x21-\x7e]{32,512}$/.test(given.reveal()),
  `must be ${token}`,
)
