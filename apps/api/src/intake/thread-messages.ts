/** What the process and its intake thread say to each other of the batches that come in. Each is a job, with a number. */
import type { SpecFault } from '@csr-foundry/csr'
import type { BatchInputCode } from '../batch-input/batch-input-error.ts'
import type { ParsedBlock, RowRules } from './block-parser.ts'
import type { Said } from './row-digest.ts'

/** What the thread is told before it begins. */
export type IntakeStart = { readonly niceness: number }

/** What a call says of a batch, before any of it is read. */
export type BatchForm = RowRules & { readonly gzip: boolean; readonly said: Said }

export type OpenOrder = { readonly does: 'open'; readonly job: number; readonly form: BatchForm }

export type Order =
  | OpenOrder
  /** A part of the body, handed over. */
  | { readonly does: 'read'; readonly job: number; readonly bytes: Uint8Array<ArrayBuffer> }
  /** No more of it comes. `broken`: it did not come whole. */
  | { readonly does: 'end'; readonly job: number; readonly broken: boolean }
  /** One more block is wanted: its rows are in the first `earlier` blocks of the batch, or are to be parsed. */
  | { readonly does: 'next'; readonly job: number; readonly earlier: number }
  /** Nobody waits for it any more. */
  | { readonly does: 'forget'; readonly job: number }
  /** Not of a job: it is to say that it is there. */
  | { readonly does: 'show' }

/** A block, with the digest over all rows up to and with it. */
export type DigestedBlock = ParsedBlock & { readonly digest: string }

/** Of a job: so many bytes of its body are on their way through the reader and no longer wait, as `weightOf` counts them. */
type Took = { readonly says: 'took'; readonly job: number; readonly bytes: number }

/** To `next`, exactly one. After all but `block` the job is over. */
export type Outcome =
  | { readonly says: 'block'; readonly job: number; readonly block: DigestedBlock }
  /** All rows were in the blocks so far. */
  | { readonly says: 'over'; readonly job: number }
  /** All that came of a broken body was read. */
  | { readonly says: 'broken'; readonly job: number }
  /** A `BatchInputError`. */
  | {
      readonly says: 'faulty'
      readonly job: number
      readonly code: BatchInputCode
      readonly faults: readonly SpecFault[]
      readonly line: number | undefined
    }
  /** A bug; nothing of an error but its name, since its text might quote the input. */
  | { readonly says: 'failed'; readonly job: number; readonly error: string }

/** To `show`: it has so many jobs. */
type Shown = { readonly says: 'here'; readonly jobs: number }

export type Message = Took | Outcome | Shown
