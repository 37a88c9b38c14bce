import { expect, it } from 'vitest'
import { countryCodes } from '../../src/subject/country-codes.ts'

it('has the 249 assigned codes, each once and in the form of a code', () => {
  expect(countryCodes.size).toBe(249)
  expect([...countryCodes].filter((code) => !/^[A-Z]{2}$/.test(code))).toEqual([])
})

it('knows names for all of them, as an independent list has', () => {
  const names = new Intl.DisplayNames('en', { type: 'region', fallback: 'none' })
  expect([...countryCodes].filter((code) => names.of(code) === undefined)).toEqual([])
})
