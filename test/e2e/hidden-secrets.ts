import { generateKeyPairSync, randomBytes } from 'node:crypto'

const hidden = new Map<string, string>()
/** Others by which a secret is known: keys that were made, tokens and sessions that were given. */
const found = new Map<string, readonly string[]>()

/** A text that must be told to nobody: the same each time for the same place, and safe in a header, a URL and a name. */
export function hide(where: string): string {
  const text = hidden.get(where) ?? `Hidden${randomBytes(12).toString('hex')}`
  hidden.set(where, text)
  return text
}

/** Notes what was made elsewhere and must be told to nobody either: texts by which it is known. */
export function noteSecret(where: string, texts: readonly string[]): void {
  found.set(where, texts)
}

/** All of them, by where they are, each as it is and as Base64 might have it. */
hide.all = (): [string, readonly string[]][] => [
  ...[...hidden].map(([where, text]): [string, string[]] => [where, [text, ...inBase64(text)]]),
  ...found,
]

/** A private key as PEM; it is known by its lines that say something, as the log would have to have them. */
export function hidePem(what: string): string {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const pem = privateKey.export({ format: 'pem', type: 'pkcs8' }).toString()
  const lines = pem.split('\n').filter((line) => line.length > 30 && !line.startsWith('-'))
  noteSecret(what, lines)
  return pem
}

/** The same as JWK, known by its private value. */
export function hideJwk(what: string): object {
  const jwk = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({
    format: 'jwk',
  })
  noteSecret(what, [jwk.d ?? ''])
  return jwk
}

/** Base64 of the middle of a text, at each of the three offsets at which it may stand in what is encoded. */
const inBase64 = (text: string) =>
  [0, 1, 2].map((offset) =>
    Buffer.from(' '.repeat(offset) + text)
      .toString('base64')
      .slice(4, 24),
  )
