import { expect, it } from 'vitest'
import { CsrError } from '../src/index.ts'

it('a CsrError has a code and, where there is one, a pointer and a cause', () => {
  const cause = new Error('why')
  const error = new CsrError('spec_mismatch', 'It differs.', { pointer: '/subject[0]', cause })
  expect(error).toBeInstanceOf(Error)
  expect(error).toMatchObject({
    name: 'CsrError',
    code: 'spec_mismatch',
    pointer: '/subject[0]',
    cause,
  })
  expect('cause' in new CsrError('malformed_pem', 'It is none.')).toBe(false)
})
