/** What a worker process counts of its own work. It travels to the supervisor as it is, which adds up those of all its processes. */
import { Counters, Histograms, type Metric, type Tally } from '@csr-foundry/service'
import { z } from 'zod'

/** A key of a curve takes a tenth of a millisecond, one of RSA 4096 a second and more. */
const generationBounds = [
  ...[0.000_1, 0.000_25, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05],
  ...[0.1, 0.25, 0.5, 1, 2.5, 5, 10],
]
const vaultBounds = [0.000_05, 0.000_1, 0.000_25, 0.001, 0.005, 0.025, 0.1, 0.5, 2.5]

export const figuresMessage = z.object({
  figures: z.record(z.string(), z.record(z.string(), z.union([z.number(), z.array(z.number())]))),
  lots: z.number(),
  oldestLotMs: z.number(),
  eventLoopDelayMs: z.number(),
})
export type FiguresMessage = z.output<typeof figuresMessage>

export class WorkFigures {
  readonly keyGeneration = new Histograms({
    name: 'csr_foundry_key_generation_duration_seconds',
    help: 'Time to generate a key pair.',
    labels: ['algorithm'],
    bounds: generationBounds,
  })
  readonly vaultOperations = new Histograms({
    name: 'csr_foundry_vault_operation_duration_seconds',
    help: 'Time of an operation of the vault, those that failed as well.',
    labels: ['operation'],
    bounds: vaultBounds,
  })
  readonly vaultFailures = new Counters({
    name: 'csr_foundry_vault_operation_failures_total',
    help: 'Operations of the vault that failed.',
    labels: ['operation', 'code'],
  })
  readonly lotRuns = new Counters({
    name: 'csr_foundry_lot_runs_total',
    help: 'Runs of lots that ended: done, or again after a rest.',
    labels: ['lane', 'outcome'],
  })

  /** For whoever generates a key; see LotContext in process-lot.ts. */
  readonly keyMade = (algorithm: string, seconds: number): void =>
    this.keyGeneration.observe(algorithm, seconds)

  get #parts() {
    return [this.keyGeneration, this.vaultOperations, this.vaultFailures, this.lotRuns]
  }

  get metrics(): readonly Metric[] {
    return this.#parts
  }

  tallies(): Record<string, Tally> {
    return Object.fromEntries(this.#parts.map((part) => [part.name, part.tally()]))
  }

  /** Adds what another process has counted since it began. */
  add(tallies: Readonly<Record<string, Tally>>): void {
    for (const part of this.#parts) part.addTally(tallies[part.name] ?? {})
  }
}
