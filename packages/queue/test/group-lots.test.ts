import type { KeyAlgorithmName } from '@csr-foundry/csr'
import { expect, test } from 'vitest'
import { groupLots } from '../src/index.ts'

const row = (algorithm: KeyAlgorithmName, keyId = '') => ({ algorithm, keyId })
const rows = (count: number, algorithm: KeyAlgorithmName, keyId?: string) =>
  Array.from({ length: count }, () => row(algorithm, keyId))
const shape = (lots: ReturnType<typeof groupLots>) =>
  lots.map(({ lane, rows: its }) => `${lane} ${its.length}`)

test.each<[KeyAlgorithmName, number, string[]]>([
  ['ecdsa-p256', 256, ['fast 128', 'fast 128']],
  ['ecdsa-p256', 200, ['fast 128', 'fast 72']],
  ['ed25519', 5, ['fast 5']],
  ['ecdsa-p521', 64, ['fast 31', 'fast 31', 'fast 2']],
  ['rsa-2048', 7, ['slow 3', 'slow 3', 'slow 1']],
  ['rsa-3072', 2, ['slow 1', 'slow 1']],
  ['rsa-4096', 2, ['slow 1', 'slow 1']],
])('%s × %i is %o', (algorithm, count, lots) => {
  expect(shape(groupLots(rows(count, algorithm)))).toEqual(lots)
})

test('lanes are kept apart, and each row is in one lot, in its order', () => {
  const all = [...rows(3, 'rsa-2048'), ...rows(2, 'ecdsa-p256'), row('rsa-4096'), row('ed25519')]
  const lots = groupLots(all)
  expect(shape(lots)).toEqual(['slow 3', 'fast 3', 'slow 1'])
  expect(lots.flatMap((lot) => lot.rows).length).toBe(all.length)
  expect(lots[1]?.rows).toEqual([all[3], all[4], all[6]])
})

test('what a key that is there signs is fast work, whatever the key', () => {
  expect(shape(groupLots(rows(60, 'rsa-4096', '1')))).toEqual(['fast 25', 'fast 25', 'fast 10'])
})

test('of no rows there are no lots', () => {
  expect(groupLots([])).toEqual([])
})
