import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'

const directory = '/usr/lib/python3/dist-packages/cryptography_vectors/x509/requests'

/** A request of others' making. `name` is its file's, `der` what is in it or in its PEM. */
export type Vector = { name: string; der: Buffer }

/**
 * The requests of Debian's package python3-cryptography-vectors, ordinary and odd ones; undefined
 * if it is not installed.
 */
export async function cryptographyVectors(): Promise<Vector[] | undefined> {
  const names = await readdir(directory).catch(() => undefined)
  return (
    names &&
    Promise.all(
      names.sort().map(async (name) => {
        const bytes = await readFile(join(directory, name))
        return { name, der: name.endsWith('.pem') ? fromPem(bytes.toString('latin1')) : bytes }
      }),
    )
  )
}

/** The labels differ, and there may be text before the first one. */
function fromPem(pem: string): Buffer {
  const [, base64 = ''] = /-----BEGIN [^-]+-----([^-]*)-----END /.exec(pem) ?? []
  return Buffer.from(base64, 'base64')
}
