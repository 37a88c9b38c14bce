/** A vault with all that a rotation of the master key has to keep openable. */
import { expect } from 'vitest'
import type { KeyOwner, OpenedVault, Vault } from '../src/index.ts'
import { sealUpload } from '../src/seal-upload.ts'
import { keyPair } from './key-pair.ts'

export type Sealed = { readonly sealed: Buffer; readonly owner: KeyOwner; readonly pkcs8: Buffer }

export type Filled = { readonly keys: Sealed[]; readonly mac: { kid: string; mac: string } }

/** A new key, sealed. */
export async function sealOne(vault: Vault, keyId: string): Promise<Sealed> {
  const { owner, pkcs8 } = keyPair(keyId)
  return { sealed: await vault.seal(pkcs8, owner), owner, pkcs8 }
}

/** Seals keys with several data keys, an upload, and makes a seal of the audit. */
export async function fill(open: () => Promise<OpenedVault>): Promise<Filled> {
  const keys: Sealed[] = []
  for (const id of ['1', '2', '3']) keys.push(await sealOne(await open(), id))
  const vault = await open()
  const { owner, pkcs8 } = keyPair('4')
  const upload = await sealUpload(await vault.publicKey(), pkcs8, owner)
  keys.push({ sealed: Buffer.from(upload), owner, pkcs8 })
  return { keys, mac: await vault.audit.mac('a seal') }
}

export async function expectAllOpen(vault: OpenedVault, { keys, mac }: Filled): Promise<void> {
  for (const { sealed, owner, pkcs8 } of keys) {
    expect(await vault.open(sealed, owner)).toEqual(pkcs8)
  }
  expect(await vault.audit.isOf(mac, 'a seal')).toBe(true)
}
