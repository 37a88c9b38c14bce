import { expect, it } from 'vitest'
import { startLineProcess } from './line-process.ts'

const answering = `
  const lines = require('node:readline').createInterface({ input: process.stdin })
  lines.on('line', (line) => console.log(JSON.stringify({ accepted: true, error: line })))`

const dying = `
  process.stdin.once('data', () => {
    console.log('{"accepted":true}')
    console.error('out of paper')
    process.exitCode = 1
    process.stdin.destroy()
  })`

it('answers batch after batch, more than a pipe holds, in order', async () => {
  await using reader = startLineProcess(process.execPath, ['-e', answering])
  const batch = Array.from({ length: 5000 }, (_, index) => Buffer.from(`${index}`.padStart(300)))
  const expected = batch.map((der) => ({ accepted: true, error: der.toString('base64') }))
  expect(await reader.readAll(batch)).toEqual(expected)
  expect(await reader.readAll(batch.slice(7, 9))).toEqual(expected.slice(7, 9))
})

it('rejects with what the program said when it dies', async () => {
  await using reader = startLineProcess(process.execPath, ['-e', dying])
  const batch = Array.from({ length: 5000 }, () => Buffer.alloc(300))
  await expect(reader.readAll(batch)).rejects.toThrow('out of paper')
})

it('rejects when there is no such program', async () => {
  await using reader = startLineProcess('/nonexistent/program', [])
  await expect(reader.readAll([Buffer.alloc(1)])).rejects.toThrow('stopped before')
})
