import { expect, test, vi } from 'vitest'
import { bytesText, countText, durationText } from '../src/batch/amounts.ts'
import { openProgress } from '../src/batch/progress.ts'
import { runHere } from './in-process.ts'

test('amounts are as a person reads them', () => {
  expect([0, 999, 1_000, 14_533_000, 2_000_000_000].map(bytesText)).toEqual([
    '0 bytes',
    '999 bytes',
    '1.0 kB',
    '14.5 MB',
    '2.0 GB',
  ])
  expect([0, 999, 1_000, 1_234_567.4].map(countText)).toEqual(['0', '999', '1,000', '1,234,567'])
  expect([0.04, 9.94, 59.4, 59.6, 3_599, 3_780].map(durationText)).toEqual([
    '0.0 s',
    '9.9 s',
    '59 s',
    '1 min 0 s',
    '59 min 59 s',
    '1 h 3 min',
  ])
})

test('where there is no terminal there is a line every five seconds', async () => {
  const lines: string[] = []
  const stderr = vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    lines.push(String(text))
    return true
  })
  const isTerminal = process.stderr.isTTY
  process.stderr.isTTY = false
  const now = vi.spyOn(performance, 'now').mockReturnValue(0)
  using progress = await openProgress()
  for (let second = 1; second <= 11; second += 1) {
    now.mockReturnValue(second * 1_000)
    progress.show({ title: 'made', done: second * 100, total: 1_100, text: countText, rate: 100 })
  }
  process.stderr.isTTY = isTerminal
  now.mockRestore()
  stderr.mockRestore()
  expect(lines).toEqual([
    'csrctl: made: 45 %  500 of 1,100  100/s\n',
    'csrctl: made: 90 %  1,000 of 1,100  100/s\n',
  ])
})

test('help of a batch needs no service', async () => {
  expect(await runHere(['batch', '--help'])).toMatchObject({
    stdout: expect.stringContaining('cancel'),
    code: 0,
  })
})
