const mostBytes = 180

/** Devices of Windows, whatever follows the first dot. */
const reserved = /^(con|prn|aux|nul|com\d|lpt\d)(?=\.|$)/i

/**
 * Names for files, after refs: no two alike, also where a file system does not tell upper from lower case. They are the same for the
 * same rows in the same order.
 */
export class FileNames {
  readonly #taken = new Set<string>()

  /** Of a request, without an extension. */
  nameOf({ path, ref }: { readonly path: string; readonly ref?: string | undefined }): string {
    const name = safeName(ref ?? path)
    const folded = name.toLowerCase()
    // No safe name has a tilde: this one cannot be taken.
    if (this.#taken.has(folded)) return `${name}~${path}`
    this.#taken.add(folded)
    return name
  }
}

/** A name within its folder, which no program takes for an option or hides. */
export function safeName(text: string): string {
  const plain = text.normalize('NFC').replace(/[^\p{L}\p{M}\p{N}._-]/gu, '_')
  const name = cut(plain.replace(/^[.-]/, '_').replace(reserved, '_$1'))
  return name === '' ? '_' : name
}

function cut(name: string): string {
  if (Buffer.byteLength(name) <= mostBytes) return name
  const bytes = Buffer.from(name).subarray(0, mostBytes)
  // Half a character at the end would be shown as a replacement.
  return bytes.toString('utf8').replace(/\uFFFD$/, '')
}
