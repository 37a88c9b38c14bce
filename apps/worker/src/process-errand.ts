/**
 * One errand, from taken to done. What cannot be done ends with the problem that its caller gets; anything else that is thrown
 * concerns the worker, and outcome.ts decides.
 */
import { type ExportTo, type Vault, VaultError } from '@csr-foundry/key-vault'
import { recipientJwk } from '@csr-foundry/key-vault/recipients'
import {
  type Errand,
  type ErrandEnd,
  type ErrandKind,
  finishErrand,
  type LotRun,
  readSealedKey,
  type TenantPlace,
} from '@csr-foundry/records'
import { type Logger, ServiceError, toProblem } from '@csr-foundry/service'
import type { Redis } from 'ioredis'
import { z } from 'zod'
import { verifyAudit } from './audit/verify-audit.ts'

export type ErrandContext = { readonly redis: Redis; readonly vault: Vault; readonly log: Logger }

type Work = (context: ErrandContext, place: TenantPlace, errand: Errand) => Promise<object>

const errands: Record<ErrandKind, Work> = { export: exportKey, exports: exportKeys, verify }

const exportInput = z.union([
  z.object({ recipient: recipientJwk }),
  z.object({ password: z.string() }),
])
const exportsInput = z.object({ recipient: recipientJwk, keys: z.array(z.string()) })
const verifyInput = z.object({ seal: z.string().optional() })

/** Does an errand and stores what came of it; `stored` is false where nobody waits for it any more. */
export async function processErrand(
  context: ErrandContext,
  run: LotRun,
  errand: Errand,
): Promise<{ end: ErrandEnd; stored: boolean }> {
  const end = await tryErrand(context, { tenant: errand.tenant, shard: run.shard }, errand)
  return { end, stored: await finishErrand(context.redis, run, errand, end) }
}

async function tryErrand(
  context: ErrandContext,
  place: TenantPlace,
  errand: Errand,
): Promise<ErrandEnd> {
  try {
    const result = await errands[errand.kind](context, place, errand)
    return { state: 'done', result: JSON.stringify(result) }
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error
    return { state: 'failed', problem: toProblem(error) }
  }
}

async function verify({ redis, vault }: ErrandContext, place: TenantPlace, { input }: Errand) {
  const { seal } = verifyInput.parse(JSON.parse(input))
  return await verifyAudit(redis, vault, place, seal)
}

async function exportKey(
  { redis, vault, log }: ErrandContext,
  place: TenantPlace,
  { id, input, about: keyId }: Errand,
) {
  const asked = exportInput.parse(JSON.parse(input))
  const to: ExportTo = 'recipient' in asked ? asked : { sealedPassword: asked.password, n: id }
  const stored = await readSealedKey(redis, place, keyId)
  if (!stored) throw new ServiceError('key_not_found', { detail: `There is no key ${keyId}.` })
  const { sealed, spki, custody } = stored
  return await vault
    .exportKey(sealed, { place, keyId, spki, custody }, to)
    .catch((error: unknown) => {
      throw asTold(error, keyId, () =>
        log.error({ tenant: place.tenant, keyId, err: error }, 'stored key does not open'),
      )
    })
}

/** Several keys for one recipient. A key that cannot leave keeps none of the others back. */
async function exportKeys(context: ErrandContext, place: TenantPlace, errand: Errand) {
  const { recipient, keys } = exportsInput.parse(JSON.parse(errand.input))
  const input = JSON.stringify({ recipient })
  const exported: object[] = []
  for (const about of keys) {
    const one = exportKey(context, place, { ...errand, about, input })
    exported.push(
      await one.catch((error: unknown) => {
        if (!(error instanceof ServiceError)) throw error
        const { code, detail } = toProblem(error)
        return { problem: { code, detail } }
      }),
    )
  }
  return { keys: exported }
}

/** What the vault refuses, as the caller is told; what may pass stays as it is. */
function asTold(error: unknown, keyId: string, noteDamage: () => void): unknown {
  if (!(error instanceof VaultError)) return error
  if (error.code === 'custody_internal') {
    const detail = `The custody of the key ${keyId} is internal: it never leaves the service.`
    return new ServiceError('key_not_exportable', { detail, cause: error })
  }
  if (error.code !== 'sealed_damaged') return error
  noteDamage()
  const detail = `The key ${keyId}, or the password that it was to be exported under, does not open.`
  return new ServiceError('errand_not_done', { detail, cause: error })
}
