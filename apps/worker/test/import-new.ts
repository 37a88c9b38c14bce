import {
  type Custody,
  exportPrivateKey,
  type KeyAlgorithmName,
  keyAlgorithms,
} from '@csr-foundry/csr'
import { importKey, takeId } from '@csr-foundry/records'
import { place, type WorkerContext } from './start-worker-context.ts'

/** Has a new key imported, sealed as its owner's. */
export async function importNew(
  { redis, context }: WorkerContext,
  given: { readonly algorithm?: KeyAlgorithmName; readonly custody?: Custody } = {},
): Promise<{ readonly keyId: string; readonly spki: Buffer }> {
  const { algorithm = 'ecdsa-p256', custody = 'exportable' } = given
  const key = await keyAlgorithms[algorithm].generate()
  const { spki } = key
  const keyId = await takeId(redis, place)
  const sealed = await context.vault.seal(exportPrivateKey(key), { place, keyId, spki, custody })
  await importKey(redis, place, { id: keyId, algorithm, spki, sealed, custody })
  return { keyId, spki }
}
