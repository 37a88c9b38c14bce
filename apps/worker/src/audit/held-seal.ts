import type { Vault } from '@csr-foundry/key-vault'
import {
  type AuditFinding,
  type ChainPoint,
  extendChain,
  type HeldSealState,
  idOctets,
  idOrder,
  isSamePoint,
  recordOrder,
  type Seal,
  type TenantPlace,
} from '@csr-foundry/records'
import { authenticSeal } from './authentic-seal.ts'
import { finding } from './finding.ts'

/** The seal that the caller holds, and how far the chain goes up to the last entry that it covers. */
export class HeldSeal {
  readonly #seal: Seal | undefined
  readonly #start: ChainPoint
  #reached: ChainPoint
  #isPassed = false

  private constructor(seal: Seal | undefined, start: ChainPoint) {
    this.#seal = seal
    this.#start = start
    this.#reached = start
  }

  /** `start`: where the audit begins. */
  static async read(
    vault: Vault,
    place: TenantPlace,
    { text, start }: { readonly text: string; readonly start: ChainPoint },
  ): Promise<HeldSeal> {
    return new HeldSeal(await authenticSeal(vault, place, text), start)
  }

  /** The last entry that it covers, if that lies before `to`, or anywhere, and after all that was followed. */
  within(to: string | undefined): string | undefined {
    if (!this.#seal || this.#isPassed) return undefined
    const { last } = this.#seal
    return to === undefined || idOrder(last, to) < 0 ? last : undefined
  }

  /** The chain goes on to `end`; call it with what {@link within} has said to be no further than it. */
  follow(end: ChainPoint): void {
    if (!this.#isPassed) this.#reached = end
  }

  /** The chain goes on from `from` over these records. */
  followRecords(from: ChainPoint, end: ChainPoint, records: readonly Buffer[]): void {
    const within = this.within(end.last)
    if (within === undefined) {
      this.follow(end)
      return
    }
    const last = idOctets(within)
    this.pass(
      extendChain(
        from,
        records.filter((record) => recordOrder(record, last) <= 0),
      ),
    )
  }

  /** The chain has come to its last entry, or to the one before where that would lie. */
  pass(point: ChainPoint): void {
    this.#reached = point
    this.#isPassed = true
  }

  /** Call it at the end of the chain; `sealed` is where that of the stored seals ends. */
  judge(sealed: ChainPoint): { state: HeldSealState; findings: readonly AuditFinding[] } {
    const held = this.#seal
    if (!held) return { state: 'not_authentic', findings: [finding('held_seal_not_authentic', {})] }
    if (held.count < this.#start.count) return { state: 'too_old', findings: [] }
    if (isSamePoint(this.#reached, held)) {
      return {
        state: 'matches',
        findings: held.count > sealed.count ? [unsealed(held, sealed)] : [],
      }
    }
    return { state: 'differs', findings: [differing(held, this.#reached)] }
  }
}

const unsealed = (held: Seal, sealed: ChainPoint) =>
  finding(
    'seals_missing',
    { after: sealed.last, to: held.last, count: held.count - sealed.count },
    'The entries up to the seal that you hold are whole.',
  )

function differing(held: Seal, reached: ChainPoint): AuditFinding {
  const missing = held.count - reached.count
  if (missing <= 0) return finding('held_seal_mismatch', { to: held.last })
  const told = `It covers ${held.count} entries up to ${held.last}; ${missing} are missing.`
  return finding('held_seal_ahead', { after: reached.last, to: held.last, count: missing }, told)
}
