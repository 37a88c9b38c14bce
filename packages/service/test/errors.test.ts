import { expect, test } from 'vitest'
import { type ErrorCode, errorKinds, ServiceError, toProblem } from '../src/index.ts'

const codes = Object.keys(errorKinds) as ErrorCode[]

test.each(codes)('%s becomes a problem with its status, title and page', (code) => {
  const { status, title } = errorKinds[code]
  expect(toProblem(new ServiceError(code))).toEqual({
    type: `/docs/errors#${code}`,
    title,
    status,
    code,
    detail: title,
  })
})

test('a problem names what is wrong and every fault', () => {
  const faults = [{ pointer: '/subject', detail: 'is missing' }]
  const error = new ServiceError('attribute_invalid', { detail: 'The subject is missing.', faults })
  expect(toProblem(error)).toMatchObject({ detail: 'The subject is missing.', errors: faults })
})

test.each([
  new Error('password is hunter2'),
  Object.assign(new Error('hunter2'), { code: 'path_not_found', status: 404 }),
  { name: 'ServiceError', code: 'path_not_found', message: 'hunter2' },
  'hunter2',
  undefined,
  null,
])('an error that nobody foresaw loses its text (%#)', (error) => {
  const problem = toProblem(error)
  expect(problem).toEqual(toProblem(new ServiceError('internal')))
  expect(JSON.stringify(problem)).not.toContain('hunter2')
})

test('the cause of an error is for logs, not for callers', () => {
  const error = new ServiceError('unavailable', { cause: new Error('hunter2'), retryAfter: 3 })
  expect(error.cause).toBeInstanceOf(Error)
  expect(error.retryAfter).toBe(3)
  expect(JSON.stringify(toProblem(error))).not.toContain('hunter2')
})

test('every kind says in words what it is and what to do', () => {
  for (const { title, recovery } of Object.values(errorKinds)) {
    expect(title).toMatch(/^[A-Z].*\.$/)
    expect(recovery).toMatch(/^[A-Z].*\.$/)
  }
})
