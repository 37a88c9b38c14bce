import { expect, test } from 'vitest'
import { FileNames } from '../src/index.ts'

test.each([
  [undefined, '12'],
  ['', '12'],
  ['edge-1.example.com', 'edge-1.example.com'],
  ['FOC2231X0AB', 'FOC2231X0AB'],
  ['rack-12/slot-3', 'rack-12%2Fslot-3'],
  ['../../etc/passwd', '%2E.%2F..%2Fetc%2Fpasswd'],
  ['/etc/passwd', '%2Fetc%2Fpasswd'],
  ['..', '%2E.'],
  ['-rf', '%2Drf'],
  ['100%', '100%25'],
  ['nul', '%6Eul'],
  ['Com1.x', '%43om1.x'],
  ['console', 'console'],
  ['C:\\con', 'C%3A%5Ccon'],
  ['a\u0000b\n', 'a%00b%0A'],
  ['€ 1', '%E2%82%AC%201'],
  ['~12', '%7E12'],
])('the row 12 with the ref %j has the file %j', (ref, name) => {
  expect(new FileNames().nameOf({ path: '12', ref })).toBe(name)
})

test('a long name is cut, and has its path', () => {
  const name = new FileNames().nameOf({ path: '12', ref: 'é'.repeat(255) })
  expect(name).toHaveLength(180)
  expect(name).toMatch(/^(%C3%A9)+.*~12$/)
  const other = new FileNames().nameOf({ path: '13', ref: 'é'.repeat(255) })
  expect(other).not.toBe(name)
})

test('no two rows have the same name, on any file system', () => {
  const names = new FileNames()
  const long = 'x'.repeat(200)
  const refs = [
    'a/b',
    'a%2Fb',
    'A/b',
    undefined,
    '14',
    'a_b',
    long,
    `${long}y`,
    'é',
    'e\u0301',
    'É',
  ]
  const given = refs.map((ref, i) => names.nameOf({ path: String(11 + i), ref }))
  expect(given.slice(0, 6)).toEqual(['a%2Fb', 'a%252Fb', 'A%2Fb~13', '14', '14~15', 'a_b'])
  expect(new Set(given.map((name) => name.toLowerCase())).size).toBe(refs.length)
  for (const name of given) expect(name).toMatch(/^[\w%~-][\w.%~-]{0,179}$/)
})

test('many rows have the names that they have by themselves, in little memory and the same each time', () => {
  const all = () => {
    const names = new FileNames()
    return Array.from({ length: 20_000 }, (_, i) => names.nameOf({ path: `${i}`, ref: `SN-${i}` }))
  }
  expect(all()).toEqual(Array.from({ length: 20_000 }, (_, i) => `SN-${i}`))
  const names = new FileNames()
  for (let i = 0; i < 5_000; i++) names.nameOf({ path: `${i}`, ref: `sn-${i}` })
  for (let i = 0; i < 5_000; i++) {
    expect(names.nameOf({ path: `${i + 5_000}`, ref: `SN-${i}` })).toBe(`SN-${i}~${i + 5_000}`)
  }
})
