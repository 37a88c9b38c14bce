import type { Vault } from '@csr-foundry/key-vault'
import {
  type ChainPoint,
  parseSealText,
  type Seal,
  sealedText,
  type TenantPlace,
} from '@csr-foundry/records'

/** A seal of this tenant that was made with the audit key; undefined for any other text. */
export async function authenticSeal(
  { audit }: Vault,
  { tenant }: TenantPlace,
  text: string,
): Promise<Seal | undefined> {
  const seal = parseSealText(text)
  if (seal?.tenant !== tenant) return undefined
  return (await audit.isOf(seal, sealedText(seal))) ? seal : undefined
}

export type NewSealOf = {
  /** Where the seal before it ends, and where this one does. */
  readonly before: ChainPoint
  readonly end: ChainPoint
  readonly trimmed: ChainPoint | null
}

export async function makeSeal(
  { audit }: Vault,
  { tenant }: TenantPlace,
  { before, end, trimmed }: NewSealOf,
): Promise<Seal> {
  const seal = { version: 1, tenant, ...end, before, at: Date.now(), trimmed } as const
  return { ...seal, ...(await audit.mac(sealedText(seal))) }
}

export const pointOf = ({ last, count, hash }: ChainPoint): ChainPoint => ({ last, count, hash })
