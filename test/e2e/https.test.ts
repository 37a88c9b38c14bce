import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { request } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { leakGuard } from '@csr-foundry/testing/leak-guard'
import { expect, test } from 'vitest'
import { authorization, startService } from './start-service.ts'

leakGuard()

test('serves HTTPS from files, TLS 1.2 and later only', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'csr-foundry-tls-'))
  const cert = join(folder, 'cert.pem')
  const key = join(folder, 'key.pem')
  execFileSync(
    'openssl',
    [
      ...[
        'req',
        '-x509',
        '-newkey',
        'ec',
        '-pkeyopt',
        'ec_paramgen_curve:P-256',
        '-nodes',
        '-days',
        '1',
      ],
      ...[
        '-subj',
        '/CN=localhost',
        '-addext',
        'subjectAltName=IP:127.0.0.1',
        '-keyout',
        key,
        '-out',
        cert,
      ],
    ],
    { stdio: 'ignore' },
  )
  const environment = { TLS_CERT_FILE: cert, TLS_KEY_FILE: key }
  await using service = await startService({ environment })
  expect(service.url).toMatch(/^https:/)
  const get = (options: object) =>
    new Promise<number | undefined>((resolve, reject) => {
      const all = {
        ca: readFileSync(cert),
        headers: { authorization },
        agent: false as const,
        ...options,
      }
      request(`${service.url}/certificatePolicy`, all, (response) => {
        response.resume()
        resolve(response.statusCode)
      })
        .on('error', reject)
        .end()
    })
  expect(await get({})).toBe(200)
  expect(await get({ minVersion: 'TLSv1.2', maxVersion: 'TLSv1.2' })).toBe(200)
  await expect(
    get({ minVersion: 'TLSv1.1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' }),
  ).rejects.toThrow()
  rmSync(folder, { recursive: true })
})

test('plain HTTP beyond this machine is refused unless it is asked for', async () => {
  await expect(startService({ environment: { HOST: '0.0.0.0' } })).rejects.toThrow(/TLS_CERT_FILE/)
})
