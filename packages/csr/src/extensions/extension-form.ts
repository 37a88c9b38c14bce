import type { z } from 'zod'
import type { DerElement } from '../der/der-reader.ts'
import type { Reading } from '../reading.ts'

/** What is known of one kind of extension: its input, its DER and its way back. */
export type ExtensionForm<Value> = {
  oid: string
  /** Takes what a client may write and gives the normalised value. */
  schema: z.ZodType<Value>
  /** DER of the value, which goes into the extension's OCTET STRING. `spki` is the CSR's key. */
  encode: (value: Value, spki: Buffer) => Buffer
  critical: (value: Value) => boolean
  /** Undefined for a value that is right, but that a spec says as a raw extension. */
  read: (
    element: DerElement,
    critical: boolean,
    reading: Reading,
    pointer: string,
  ) => Value | undefined
  /** Whether the value that was read is the one that was asked for; by default they are equal. */
  same?: (asked: Value, found: Value, spki: Buffer) => boolean
}
