import { expect, test } from 'vitest'
import { createLogger, secretFields } from '../src/index.ts'

function logged(write: (log: ReturnType<typeof createLogger>) => void, level = 'info') {
  const lines: string[] = []
  write(createLogger('test', level, { write: (line) => lines.push(line) }))
  return lines
}

const words = 'must-not-be-logged'
const fields = [...secretFields]

test('one event is one line of JSON with its name, level, time and ids', () => {
  const [line = '', ...more] = logged((log) =>
    log.info({ lot: '7', paths: ['1', '2'] }, 'lot done'),
  )
  expect(more).toEqual([])
  expect(line.match(/\n/g)).toHaveLength(1)
  expect(JSON.parse(line)).toMatchObject({
    name: 'test',
    level: 30,
    time: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
    lot: '7',
    paths: ['1', '2'],
    msg: 'lot done',
  })
})

test('what is below the level is not written', () => {
  expect(logged((log) => log.info('no'), 'warn')).toEqual([])
})

test('fields that hold secrets are known', () => {
  const least = [
    'password',
    'authorization',
    'cookie',
    'token',
    'privateKey',
    'sealed',
    'masterKey',
  ]
  expect(fields).toEqual(expect.arrayContaining([...least, 'key', 'url', 'challengePassword']))
})

test.each(fields)('%s is written nowhere, down to three levels', (field) => {
  const value = { [field]: words }
  const lines = logged((log) => {
    log.info(value)
    log.info({ request: value })
    log.info({ request: { headers: value } })
    log.info({ list: [value] })
  })
  expect(lines).toHaveLength(4)
  expect(lines.join()).not.toContain(words)
  expect(lines.join().match(/\[redacted\]/g)).toHaveLength(4)
})

test('an error is logged by its own words and code, with its causes, and without what hangs on it', () => {
  const cause = Object.assign(new Error('cannot connect'), { code: 'ECONNREFUSED', port: 1 })
  const error = Object.assign(new TypeError('it failed', { cause }), {
    command: { name: 'evalsha', args: [words] },
    lastError: new Error(words),
  })
  const [line = ''] = logged((log) => log.error({ err: error }, 'failed'))
  expect(line).not.toContain(words)
  expect(JSON.parse(line).err).toEqual({
    type: 'TypeError',
    message: 'it failed',
    stack: expect.stringContaining('logger.test.ts'),
    cause: {
      type: 'Error',
      message: 'cannot connect',
      code: 'ECONNREFUSED',
      stack: expect.any(String),
    },
  })
})

test('an error handed in by itself is logged like one with a name', () => {
  const error = Object.assign(new Error('it failed'), { command: { args: [words] } })
  const [line = ''] = logged((log) => log.error(error))
  expect(line).not.toContain(words)
  expect(JSON.parse(line)).toMatchObject({ msg: 'it failed', err: { message: 'it failed' } })
})

test('what was thrown and is no error is logged as text, and an error that is its own cause at all', () => {
  const circle = new Error('round')
  circle.cause = circle
  const lines = logged((log) => {
    log.error({ err: 'thrown text' }, 'failed')
    log.error({ err: circle }, 'failed')
  })
  expect(JSON.parse(lines[0] ?? '').err).toEqual({ message: 'thrown text' })
  expect(JSON.parse(lines[1] ?? '').err).toMatchObject({ message: 'round' })
})
