import { lintCsr } from '@csr-foundry/csr'
import { expect, it } from 'vitest'
import { makeOrdinaryCsrs } from './makers/index.ts'

// Made so that the readers have something to read: a string type of old, and a key usage and a path
// length that the standards forbid.
const notOrdinary = ['openssl, BMPString', 'go, other extensions']

it('what other programs make with ordinary settings has no error', async () => {
  const faults: string[] = []
  for await (const { maker, what, der } of makeOrdinaryCsrs()) {
    const errors = lintCsr(der).findings.filter(({ severity }) => severity === 'error')
    if (notOrdinary.includes(`${maker}, ${what}`)) continue
    faults.push(...errors.map(({ code, message }) => `${maker}, ${what}: ${code} ${message}`))
  }
  expect(faults).toEqual([])
})
