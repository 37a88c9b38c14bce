import { type KeyAlgorithmName, keyAlgorithmNames } from '@csr-foundry/csr'
import type { RequestView } from '@csr-foundry/native-api'
import { makeTenant, type Tenant } from '../make-tenant.ts'
import { jsonInit } from '../start-service.ts'
import { service } from './service.ts'

export type OfEveryAlgorithm = {
  readonly tenant: Tenant
  readonly made: ReadonlyMap<KeyAlgorithmName, RequestView>
}

let all: Promise<OfEveryAlgorithm> | undefined

/** A CSR of each algorithm, whose keys may be exported. They are made once: those of RSA take seconds of a core. */
export const ofEveryAlgorithm = () => {
  all ??= make()
  return all
}

export const hostOf = (algorithm: KeyAlgorithmName) => `${algorithm}.example.com`

async function make(): Promise<OfEveryAlgorithm> {
  const tenant = await makeTenant(service, 'algorithms')
  const requests = keyAlgorithmNames.map(async (algorithm) => {
    const host = hostOf(algorithm)
    const spec = {
      ref: `life/${algorithm}`,
      subject: { commonName: host, organization: 'ACME', country: 'US' },
      subjectAltNames: [
        { type: 'dns', value: host },
        { type: 'ip', value: '192.0.2.10' },
      ],
      key: { algorithm },
      custody: 'exportable',
      extensions: { keyUsage: ['digitalSignature'], extendedKeyUsage: ['serverAuth'] },
    }
    return [algorithm, await madeBy(tenant, spec)] as const
  })
  return { tenant, made: new Map(await Promise.all(requests)) }
}

/** POSTs a spec and waits for its CSR. */
export async function madeBy(tenant: Tenant, spec: object): Promise<RequestView> {
  const init = jsonInit('POST', spec)
  const headers = { ...init.headers, prefer: 'wait=55' }
  const response = await tenant.call('/v1/requests', { ...init, headers })
  const answer = await response.text()
  if (response.status !== 201) throw new Error(`${response.status} ${answer}`)
  return JSON.parse(answer)
}
