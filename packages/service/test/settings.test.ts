import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import {
  parseSettings,
  SettingsError,
  SetupError,
  secretSetting,
  trueOrFalse,
  wholeNumber,
} from '../src/index.ts'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'csr-foundry-settings-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const secret = secretSetting('text')
const shape = {
  PORT: wholeNumber(1, 65_535).default(8080),
  SECURE: trueOrFalse.default(false),
  NAME: z.string(),
  PASSWORD: secret.optional(),
  TOKEN: secret.optional(),
}
const parse = (environment: Record<string, string | undefined>) => parseSettings(shape, environment)

function faultsOf(environment: Record<string, string | undefined>): readonly string[] {
  try {
    parse(environment)
    return []
  } catch (error) {
    expect(error).toBeInstanceOf(SettingsError)
    return (error as SettingsError).faults
  }
}

function fileWith(text: string): string {
  const path = join(folder, 'secret')
  writeFileSync(path, text)
  return path
}

test('settings are parsed into what they mean, and nothing else is taken over', () => {
  const parsed = parse({ NAME: 'a', PORT: '443', SECURE: 'true', OTHER: 'x' })
  expect(parsed).toEqual({ NAME: 'a', PORT: 443, SECURE: true })
})

test('all faults are told at once, each by the name of its setting', () => {
  const environment = {
    PORT: '70000',
    SECURE: 'yes',
    PASSWORD: 'a',
    PASSWORD_FILE: '/a',
    TOKEN_FILE: join(folder, 'none'),
  }
  expect(faultsOf(environment)).toEqual([
    'PASSWORD: set it or PASSWORD_FILE, not both',
    `TOKEN_FILE: ${join(folder, 'none')} cannot be read (ENOENT); check the path and its mode`,
    'PORT: must be a whole number from 1 to 65535',
    'SECURE: must be true or false',
    'NAME: must be set',
  ])
  const { message } = new SettingsError(faultsOf(environment))
  for (const fault of faultsOf(environment)) expect(message).toContain(fault)
  expect(new SettingsError([])).toBeInstanceOf(SetupError)
})

test.each(['0', '65536', '-1', '1.5', '1e3', '0x10', ' 80', '80 ', '٣', '9'.repeat(16)])(
  '%j is no port',
  (PORT) => {
    expect(faultsOf({ NAME: 'a', PORT })).toEqual(['PORT: must be a whole number from 1 to 65535'])
  },
)

test('an empty variable counts as unset', () => {
  expect(parse({ NAME: 'a', PORT: '', PASSWORD: '', PASSWORD_FILE: '' })).toEqual({
    NAME: 'a',
    PORT: 8080,
    SECURE: false,
  })
  expect(faultsOf({ NAME: '' })).toEqual(['NAME: must be set'])
})

test('a secret comes from a variable or from a file, without the line end of the file', () => {
  expect(parse({ NAME: 'a', PASSWORD: 'hunter2' }).PASSWORD?.reveal()).toBe('hunter2')
  for (const [text, password] of [
    ['hunter2', 'hunter2'],
    ['hunter2\n', 'hunter2'],
    ['hunter2\r\n', 'hunter2'],
    [' two\nlines \n\n', ' two\nlines \n'],
  ] as const) {
    const parsed = parse({ NAME: 'a', PASSWORD_FILE: fileWith(text) })
    expect(parsed.PASSWORD?.reveal()).toBe(password)
  }
})

test.each(['', '\n', '\r\n'])(
  'a secret file that holds %j is a fault, not a secret of no length',
  (text) => {
    const path = fileWith(text)
    expect(faultsOf({ NAME: 'a', PASSWORD_FILE: path })).toEqual([
      `PASSWORD_FILE: ${path} is empty`,
    ])
  },
)

test('only secrets are read from files', () => {
  expect(faultsOf({ NAME_FILE: fileWith('a') })).toEqual(['NAME: must be set'])
})

test('a secret may come from a file however its schema is refined, wrapped and described', () => {
  const refined = secret.refine(() => true)
  for (const KEY of [refined, refined.describe('a').optional(), refined.optional().describe('a')]) {
    expect(parseSettings({ KEY }, { KEY_FILE: fileWith('hunter2') }).KEY?.reveal()).toBe('hunter2')
  }
})

test('a secret that has to be set and cannot be read is one fault', () => {
  const path = join(folder, 'none')
  const required = () => parseSettings({ KEY: secret }, { KEY_FILE: path })
  expect(required).toThrow(
    expect.objectContaining({ faults: [expect.stringMatching(/^KEY_FILE: /)] }),
  )
})

test('no message shows a secret', () => {
  const long = secret.refine((given) => given.reveal().length > 20, 'is too short')
  const parseLong = () => parseSettings({ KEY: long, PORT: wholeNumber(1, 2) }, { KEY: 'hunter2' })
  expect(parseLong).toThrow(/KEY: is too short/)
  expect(parseLong).not.toThrow(/hunter2/)
  const faults = faultsOf({ PASSWORD: 'hunter2', PASSWORD_FILE: fileWith('hunter3') })
  expect(faults.join()).not.toMatch(/hunter/)
})
