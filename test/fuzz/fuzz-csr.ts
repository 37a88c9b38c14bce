import {
  buildCsr,
  CsrError,
  exportPrivateKey,
  importPrivateKey,
  keyAlgorithmNames,
  keyAlgorithms,
  lintCsr,
  PrivateKeyError,
  profileNames,
  readCsr,
  specSchema,
  toPem,
} from '@csr-foundry/csr'
import { inputKinds, inputMakers } from './hostile-inputs.ts'
import { type Random, seededRandom } from './random.ts'

/** What a stranger's bytes are handed to. */
type Target = {
  name: string
  /** Good inputs to damage. */
  seeds: readonly Buffer[]
  run: (input: Buffer, random: Random) => unknown
}

/** An input that broke a promise, and which. */
export type FuzzFault = { target: string; kind: string; input: Buffer; what: string }

/** What a run found; `slowest` is CPU time of one call on its thread, in milliseconds. */
export type FuzzResult = {
  faults: FuzzFault[]
  slowest: { ms: number; kind: string; target: string }
}

/** How many inputs, of which seed; each may take that much CPU time on its thread, in milliseconds. */
export type FuzzRun = { count: number; seed: number; mostMs: number }

/**
 * Hands hostile inputs to the reader, lint and the key importer. They may throw nothing but the
 * package's own errors, and take at most `mostMs` each.
 */
export async function fuzzCsr(
  { count, seed, mostMs }: FuzzRun,
  progress: (done: number) => void = () => {},
): Promise<FuzzResult> {
  const random = seededRandom(seed)
  const targets = await makeTargets()
  const result: FuzzResult = { faults: [], slowest: { ms: 0, kind: '', target: '' } }
  for (let i = 0; i < count; i++) {
    const target = random.pick(targets)
    const kind = random.pick(inputKinds)
    const input = inputMakers[kind]?.(random, target.seeds) ?? Buffer.alloc(0)
    const { ms, thrown } = await timed(() => target.run(input, random))
    const what = faultOf(ms, mostMs, thrown)
    if (what !== undefined) result.faults.push({ target: target.name, kind, input, what })
    if (ms > result.slowest.ms) result.slowest = { ms, kind, target: target.name }
    progress(i + 1)
  }
  return result
}

async function timed(run: () => unknown): Promise<{ ms: number; thrown?: unknown }> {
  const before = process.threadCpuUsage()
  let thrown: unknown
  try {
    await run()
  } catch (error) {
    thrown = error
  }
  const { user, system } = process.threadCpuUsage(before)
  return { ms: (user + system) / 1000, thrown }
}

function faultOf(ms: number, mostMs: number, thrown: unknown): string | undefined {
  const own =
    thrown === undefined || thrown instanceof CsrError || thrown instanceof PrivateKeyError
  if (!own)
    return `threw ${thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown)}`
  return ms > mostMs ? `took ${ms.toFixed(0)} ms` : undefined
}

async function makeTargets(): Promise<Target[]> {
  const csrs: Buffer[] = []
  const keys: Buffer[] = []
  for (const algorithm of keyAlgorithmNames) {
    if (algorithm === 'rsa-4096') continue
    const pair = await keyAlgorithms[algorithm].generate()
    const { key, ...rest } = specSchema.parse({ ...richSpec, key: { algorithm } })
    if ('id' in key) continue
    const der = await buildCsr({ ...rest, key }, pair.spki, (bytes) =>
      keyAlgorithms[algorithm].sign(pair.privateKey, key.digest, bytes),
    )
    csrs.push(der, Buffer.from(toPem(der)))
    keys.push(exportPrivateKey(pair), ...keyForms(pair.privateKey))
  }
  // Rounds that a stranger's file may ask for by default take a thread of the pool longer.
  const limits = { maxRounds: 3000, maxScryptMemory: 1 << 20 }
  return [
    { name: 'readCsr', seeds: csrs, run: readCsr },
    {
      name: 'lintCsr',
      seeds: csrs,
      run: (input, random) =>
        lintCsr(random.chance(2) ? input : input.toString('latin1'), {
          profile: random.pick(profileNames),
        }),
    },
    {
      name: 'importPrivateKey',
      seeds: keys,
      run: (input, random) =>
        importPrivateKey(input, random.chance(2) ? limits : { ...limits, password }),
    },
  ]
}

const password = 'correct horse'

function keyForms(key: import('node:crypto').KeyObject): Buffer[] {
  const pem = key.export({ type: 'pkcs8', format: 'pem' })
  const encrypted = key.export({
    type: 'pkcs8',
    format: 'pem',
    cipher: 'aes-256-cbc',
    passphrase: password,
  })
  const forms = [Buffer.from(pem), Buffer.from(encrypted)]
  if (key.asymmetricKeyType === 'rsa') forms.push(key.export({ type: 'pkcs1', format: 'der' }))
  if (key.asymmetricKeyType === 'ec') forms.push(key.export({ type: 'sec1', format: 'der' }))
  return forms
}

const richSpec = {
  subject: [
    { type: 'C', value: 'US' },
    [
      { type: 'O', value: 'ACME' },
      { type: 'OU', value: 'Zürich' },
    ],
    { type: 'CN', value: 'edge-1.example.com' },
  ],
  subjectAltNames: [
    { type: 'dns', value: 'edge-1.example.com' },
    { type: 'ip', value: '2001:db8::1' },
    { type: 'email', value: 'ops@example.com' },
    { type: 'uri', value: 'https://example.com/a' },
    { type: 'dirName', value: 'CN=x,O=y' },
    { type: 'rid', value: '1.2.3.4' },
    { type: 'upn', value: 'ops@corp.example.com' },
  ],
  extensions: {
    keyUsage: ['digitalSignature'],
    extendedKeyUsage: ['serverAuth', '1.2.3'],
    basicConstraints: { ca: false },
    subjectKeyIdentifier: true,
    mustStaple: true,
    microsoftTemplate: { oid: '1.2.3.4', majorVersion: 100 },
    microsoftTemplateName: 'WebServer',
    raw: [{ oid: '1.2.3.5', critical: true, value: 'BQA=' }],
  },
  attributes: { challengePassword: 'secret', unstructuredName: 'rack 12' },
}
