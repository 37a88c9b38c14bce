/**
 * What building costs beside the cryptography, on one thread: a CSR from its spec to PEM, without
 * making the key and signing, against making a P-256 key and signing once; both in turns in one
 * run, so that the ratio holds on any machine.
 *
 *     npm run bench:csr
 *
 * Exits 1 when building costs more than the cryptography.
 */
import {
  buildCsr,
  type KeyPair,
  keyAlgorithms,
  proveCsr,
  type Spec,
  specSchema,
  toPem,
} from '@csr-foundry/csr'

const rounds = 9
const each = 2000

const input = {
  subject: {
    country: 'US',
    stateOrProvince: 'North Carolina',
    locality: 'Raleigh',
    organization: 'ACME International Ltd.',
    organizationalUnit: 'ABC Division',
    commonName: 'edge-1.example.com',
  },
  subjectAltNames: [
    { type: 'dns', value: 'edge-1.example.com' },
    { type: 'dns', value: 'edge-1.internal.example.com' },
    { type: 'ip', value: '192.0.2.10' },
  ],
  key: { algorithm: 'ecdsa-p256' },
  extensions: { keyUsage: ['digitalSignature'], extendedKeyUsage: ['serverAuth', 'clientAuth'] },
}

const { sign, generate } = keyAlgorithms['ecdsa-p256']
const { key: asked, ...rest } = specSchema.parse(input)
if ('id' in asked) throw new Error('The spec names a key that is there.')
const spec: Spec = { ...rest, key: asked }
const key: KeyPair = await generate()
const csr = await buildCsr(spec, key.spki, (bytes) => sign(key.privateKey, 'sha256', bytes))
const signature = sign(key.privateKey, 'sha256', csr)

const parts: Record<string, () => unknown> = {
  'key and signature': async () => {
    const pair = await generate()
    return sign(pair.privateKey, 'sha256', csr)
  },
  'build to PEM': async () => toPem(await buildCsr(spec, key.spki, () => signature)),
  'parse the spec': () => specSchema.parse(input),
  'prove, without the signature': () =>
    proveCsr(csr, { spec, spki: key.spki, publicKey: key.publicKey, verifySignature: false }),
  'prove, with it': () => proveCsr(csr, { spec, spki: key.spki, publicKey: key.publicKey }),
}

const times = new Map<string, number[]>(Object.keys(parts).map((name) => [name, []]))
for (let round = -1; round < rounds; round++) {
  for (const [name, run] of Object.entries(parts)) {
    const start = performance.now()
    for (let i = 0; i < each; i++) await run()
    // The first round warms up.
    if (round >= 0) times.get(name)?.push(((performance.now() - start) / each) * 1000)
  }
}

const median = (name: string) => times.get(name)?.toSorted((a, b) => a - b)[rounds >> 1] ?? 0
const cryptography = median('key and signature')
for (const name of Object.keys(parts)) {
  const micros = median(name)
  process.stdout.write(
    `${name.padEnd(30)} ${micros.toFixed(0).padStart(5)} µs  ${(micros / cryptography).toFixed(2)} of key and signature\n`,
  )
}
if (median('build to PEM') > cryptography) process.exitCode = 1
