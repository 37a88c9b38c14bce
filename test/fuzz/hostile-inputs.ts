import type { Random } from './random.ts'

/** Makes one input; `seeds` are good ones, PEM or DER, to be damaged. */
export type InputMaker = (random: Random, seeds: readonly Buffer[]) => Buffer

const largest = 100_000

const labels = [
  'CERTIFICATE REQUEST',
  'NEW CERTIFICATE REQUEST',
  'PRIVATE KEY',
  'ENCRYPTED PRIVATE KEY',
  'RSA PRIVATE KEY',
  'EC PRIVATE KEY',
  'EC PARAMETERS',
  'CERTIFICATE',
]

/** Kinds of hostile inputs, by name. */
export const inputMakers: Readonly<Record<string, InputMaker>> = {
  'random bytes': (random) => random.bytes(random.below(2000)),
  'a damaged good one': (random, seeds) => damaged(random, random.pick(seeds)),
  'a good one with a changed length': (random, seeds) => withLength(random, random.pick(seeds)),
  'two good ones cut together': (random, seeds) => crossed(random, seeds),
  'PEM soup': (random, seeds) => soup(random, seeds),
  'deep nesting': (random) => nested(random),
  'huge lengths': (random) => Buffer.concat([hugeHeader(random), random.bytes(random.below(50))]),
  'many small values': (random) => repeated(random, largest),
  'long numbers and identifiers': (random) => longPrimitive(random),
}

/** Names of the kinds. */
export const inputKinds = Object.keys(inputMakers)

function damaged(random: Random, good: Buffer): Buffer {
  let bytes: Buffer = Buffer.from(good)
  for (let i = 0; i <= random.below(4); i++) {
    const at = random.below(bytes.length)
    const change = random.below(4)
    if (change === 0) bytes.writeUInt8(random.below(256), at)
    else if (change === 1) bytes.writeUInt8(bytes.readUInt8(at) ^ (1 << random.below(8)), at)
    else if (change === 2) bytes = spliced(bytes, at, random.below(20), Buffer.alloc(0))
    else bytes = spliced(bytes, at, 0, random.bytes(random.below(20)))
    if (bytes.length === 0) return bytes
  }
  return bytes
}

function withLength(random: Random, good: Buffer): Buffer {
  const at = random.below(good.length)
  const length = random.pick([
    '80',
    '8100',
    '81ff',
    '820000',
    '83ffffff',
    '84ffffffff',
    '847fffffff',
    '8900',
  ])
  return spliced(good, at, 1, Buffer.from(length, 'hex'))
}

function crossed(random: Random, seeds: readonly Buffer[]): Buffer {
  const [one, other] = [random.pick(seeds), random.pick(seeds)]
  return Buffer.concat([
    one.subarray(0, random.below(one.length)),
    other.subarray(random.below(other.length)),
  ])
}

function soup(random: Random, seeds: readonly Buffer[]): Buffer {
  const pieces: (() => string)[] = [
    () => `-----BEGIN ${random.pick(labels)}-----`,
    () => `-----END ${random.pick(labels)}-----`,
    () => '-'.repeat(random.below(3000)),
    () => '-----BEGIN '.repeat(random.below(500)),
    () => random.pick(seeds).toString('base64'),
    () => random.bytes(random.below(200)).toString('base64'),
    () => ' '.repeat(random.below(2000)),
    () => 'Proc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,00',
    () => random.bytes(random.below(50)).toString('latin1'),
  ]
  const count = random.below(12)
  return Buffer.from(
    Array.from({ length: count }, () => random.pick(pieces)()).join('\n'),
    'latin1',
  )
}

function nested(random: Random): Buffer {
  const depth = random.below(20_000)
  if (random.chance(2)) return Buffer.from('3080'.repeat(depth), 'hex')
  let bytes: Buffer = Buffer.from('0500', 'hex')
  for (let i = 0; i < random.below(60); i++)
    bytes = wrapped(random.pick([0x30, 0x31, 0xa0, 0x24]), bytes)
  return bytes
}

function repeated(random: Random, most: number): Buffer {
  const unit = Buffer.from(
    random.pick([
      '0500',
      '3000',
      '020101',
      '06022a03',
      '310d300b06035504030c0478787878',
      '3009060355040313026161',
      '820161',
      '300c0603551d0f0405030307ff80',
      '300906035504061302555a',
    ]),
    'hex',
  )
  const all = Buffer.concat(Array<Buffer>(random.below(most / unit.length)).fill(unit))
  const list = wrapped(random.pick([0x30, 0x31, 0xa0]), all)
  if (random.chance(2)) return list
  // As the subject, the names or the attributes of what looks like a CSR.
  const info = wrapped(
    0x30,
    Buffer.concat([
      Buffer.from('020100', 'hex'),
      wrapped(0x30, all),
      wrapped(0x30, Buffer.alloc(0)),
      wrapped(0xa0, random.chance(2) ? all : Buffer.alloc(0)),
    ]),
  )
  return wrapped(0x30, Buffer.concat([info, Buffer.from('300a06082a8648ce3d040302030100', 'hex')]))
}

function longPrimitive(random: Random): Buffer {
  const octets = Buffer.alloc(random.below(60_000), random.pick([0x00, 0xff, 0x81, 0x7f]))
  const value = wrapped(random.pick([0x02, 0x03, 0x06, 0x0c, 0x13, 0x1c, 0x1e]), octets)
  return wrapped(0x30, Buffer.concat([wrapped(0x30, value), value]))
}

function hugeHeader(random: Random): Buffer {
  return Buffer.from(
    random.pick([
      '3084ffffffff',
      '30847fffffff',
      '3083ffffff',
      '30820fff',
      '308affffffffffffffffffff',
      '0484ffffffff',
    ]),
    'hex',
  )
}

function wrapped(tag: number, content: Buffer): Buffer {
  const { length } = content
  const header = Buffer.from(
    length < 0x80 ? [tag, length] : [tag, 0x83, length >> 16, (length >> 8) & 0xff, length & 0xff],
  )
  return Buffer.concat([header, content])
}

function spliced(bytes: Buffer, at: number, removed: number, added: Buffer): Buffer {
  return Buffer.concat([bytes.subarray(0, at), added, bytes.subarray(at + removed)])
}
