import { generateKeyPairSync } from 'node:crypto'
import { CsrError, keyAlgorithms, type Spec } from '@csr-foundry/csr'
import { readRequest } from '@csr-foundry/records'
import { expect, test, vi } from 'vitest'
import { problemOf } from '../src/problem-of.ts'
import { processLot } from '../src/process-lot.ts'
import { requestsToProve } from '../src/prove-lot.ts'
import { p256, place, recordOf, runOf } from './start-worker-context.ts'
import { withWorkerContext } from './with-worker-context.ts'

const worker = withWorkerContext()

const rsa: Spec = { ...p256, key: { algorithm: 'rsa-2048', digest: 'sha256' } }
const requests = (spec: Spec, count: number) =>
  Array.from({ length: count }, (_, i) => ({ id: String(i + 1), spec }))

test('every RSA signature is verified, and of EC ones the first, the last and one in so many', () => {
  expect(requestsToProve(requests(rsa, 100), 1_000_000).size).toBe(100)
  expect([...requestsToProve(requests(p256, 100), 1_000_000_000)]).toEqual(['1', '100'])
  expect(requestsToProve(requests(p256, 1), 1_000_000_000).size).toBe(1)
  expect(requestsToProve(requests(p256, 100), 1).size).toBe(100)
  const some = requestsToProve(requests(p256, 10_000), 16).size
  expect(some).toBeGreaterThan(400)
  expect(some).toBeLessThan(900)
})

test('a key pair whose halves do not belong together makes no CSR, also where no signature is verified', async () => {
  const { lot } = await worker.record(p256, p256, p256)
  const { generate } = keyAlgorithms['ecdsa-p256']
  let made = 0
  const spy = vi.spyOn(keyAlgorithms['ecdsa-p256'], 'generate').mockImplementation(() => {
    made += 1
    const key = generate() as ReturnType<typeof generate> & { privateKey: unknown }
    if (made !== 2) return key
    // The second of three: neither the first nor the last, so its signature is left out.
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    return { ...key, privateKey } as ReturnType<typeof generate>
  })
  const context = { ...worker.context, verifyEvery: 1_000_000_000 }
  await expect(processLot(context, runOf(lot))).rejects.toMatchObject({ code: 'spki_mismatch' })
  spy.mockRestore()
  for (const id of ['1', '2', '3']) {
    expect((await readRequest(worker.redis, place, id))?.state).toBe('queued')
    expect(await worker.redis.exists(recordOf(id))).toBe(0)
  }
})

test('only a spec that cannot be encoded is the fault of its request', () => {
  expect(problemOf(new CsrError('unencodable', 'An ip is not an IP address.'))).toMatchObject({
    code: 'csr_not_made',
  })
  for (const code of [
    'unsupported',
    'malformed_der',
    'spki_mismatch',
    'signature_invalid',
  ] as const) {
    expect(problemOf(new CsrError(code, 'x'))).toBeUndefined()
  }
})
