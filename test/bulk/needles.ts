/** Secrets to be looked for in bytes: as they are, as numbers of a little-endian machine, in base64url and in hex. */
export class Needles {
  readonly size: number
  /** In bytes. */
  readonly longest: number
  /** By their first four bytes, with the number of the secret. */
  readonly #byStart = new Map<number, { bytes: Buffer; secret: number }[]>()
  /** Whether anything begins with these three bytes: it keeps most offsets away from the map. */
  readonly #begins = new Uint8Array(1 << 24)

  constructor(secrets: readonly Buffer[]) {
    this.size = secrets.length
    this.longest = Math.max(0, ...secrets.map(({ length }) => 2 * length))
    for (const [secret, bytes] of secrets.entries()) {
      for (const form of formsOf(bytes)) this.#add(form, secret)
    }
  }

  #add(bytes: Buffer, secret: number): void {
    const start = bytes.readUInt32BE()
    this.#begins[start >>> 8] = 1
    this.#byStart.set(start, [...(this.#byStart.get(start) ?? []), { bytes, secret }])
  }

  /** Numbers of the secrets that are in these bytes. */
  within(bytes: Buffer): Set<number> {
    const found = new Set<number>()
    let start = 0
    // Of gigabytes: an iterator would take ten times as long.
    for (let last = 0; last < bytes.length; last++) {
      start = ((start << 8) | (bytes[last] as number)) >>> 0
      if (this.#begins[start >>> 8] === 1) this.#match(bytes, last - 3, start, found)
    }
    return found
  }

  #match(bytes: Buffer, at: number, start: number, found: Set<number>): void {
    for (const { bytes: form, secret } of this.#byStart.get(start) ?? []) {
      if (at >= 0 && bytes.subarray(at, at + form.length).equals(form)) found.add(secret)
    }
  }
}

const formsOf = (secret: Buffer) => [
  secret,
  Buffer.from(secret).reverse(),
  Buffer.from(secret.toString('base64url')),
  Buffer.from(secret.toString('hex')),
]
