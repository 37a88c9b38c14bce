import { z } from 'zod'

const atLeast = 12
/** In UTF-8 at most 1,020 octets: OpenSSL's tools read no more than 1,023 from a file or a prompt. */
const atMost = 255

/**
 * The password that a PKCS#8 file is encrypted under. The file can be tried for ever by whoever gets it, so it is longer than
 * one that logs in; beyond that no rule of what has to be in it (NIST SP 800-63B section 3.1.1.2). Its UTF-8 is taken as it is,
 * without a normalization, as OpenSSL does. A character is a code point.
 */
export const exportPassword = z
  .string('must be a string')
  // Before they are counted: a string of a megabyte need not be taken apart.
  .max(2 * atMost, { error: `has more than ${atMost} characters`, abort: true })
  .refine((text) => [...text].length >= atLeast, `must have at least ${atLeast} characters`)
  .refine((text) => [...text].length <= atMost, `has more than ${atMost} characters`)
  .refine((text) => text.isWellFormed(), 'has half of a surrogate pair')
  .regex(/^\P{Cc}*$/u, 'has a control character')
  // For its JSON Schema, which counts code points as the refinements do.
  .meta({ minLength: atLeast, maxLength: atMost })
