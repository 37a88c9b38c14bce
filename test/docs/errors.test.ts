import { type ErrorCode, errorKinds, faultCodes } from '@csr-foundry/service'
import { expect, test } from 'vitest'
// @boundaries-ignore the page is held to the API's own table, which no package exports
import { messageIds } from '../../apps/api/src/dialects/lxca/messages.ts'
import { readText, tableRows } from './pages.ts'

const rows = tableRows(readText('docs/errors.md'), ['code', 'LXCA message id', 'status'])

test('every code has one row with its message id and status, and every row is a code', () => {
  const documented = rows.map(([code, id, status]) => ({ code, id, status: Number(status) }))
  const codes = Object.keys(errorKinds) as ErrorCode[]
  const real = codes.map((code) => ({
    code,
    id: messageIds[code],
    status: errorKinds[code].status,
  }))
  expect(byCode(documented)).toEqual(byCode(real))
})

test('every row says what the code means and what to do', () => {
  for (const [code, , , meaning = '', todo = ''] of rows) {
    expect(meaning.length, code).toBeGreaterThan(10)
    expect(todo.length, code).toBeGreaterThan(5)
  }
})

test('every code of a single fault has a row', () => {
  const faults = tableRows(readText('docs/errors.md'), ['fault', 'API', 'status'])
  expect(faults.map(([code]) => code).toSorted()).toEqual(faultCodes.toSorted())
})

test('no message id is given twice', () => {
  const ids = Object.values(messageIds)
  expect(new Set(ids).size).toBe(ids.length)
})

const byCode = <Row extends { code: string | undefined }>(list: readonly Row[]) =>
  list.toSorted((a, b) => String(a.code).localeCompare(String(b.code)))
