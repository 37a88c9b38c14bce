import { checkCharacters } from '../character-rules.ts'
import { readDer } from '../der/der-reader.ts'
import { checkOid } from '../der/oid.ts'
import { CsrError } from '../errors.ts'
import { type Parsed, parsed, refused } from '../parsed.ts'

/** The type of a user principal name, Microsoft's szOID_NT_PRINCIPAL_NAME. */
export const upnOid = '1.3.6.1.4.1.311.20.2.3'

/**
 * The parts of an otherName (RFC 5280 section 4.2.1.6): `value` is the text of a UTF8String, `der`
 * any other value as DER in base64.
 */
export type OtherName = { oid: string; value: string } | { oid: string; der: string }

/**
 * Reads an otherName written as `OID;UTF8:text`.
 *
 * @example
 * ```ts
 * parseOtherName('1.2.3;UTF8:rack 12') // => { ok: true, value: { oid: '1.2.3', value: 'rack 12' } }
 * ```
 */
export function parseOtherName(text: string): Parsed<{ oid: string; value: string }> {
  const match = text.match(/^(?<oid>[^;]*);UTF8:(?<value>.*)$/s)
  const { oid, value } = match?.groups ?? {}
  if (oid === undefined || value === undefined) {
    return refused(
      'is not an otherName; OID;UTF8:text is needed, such as 1.3.6.1.4.1.311.20.2.3;UTF8:ops@example.com',
    )
  }
  const oidFault = checkOid(oid)
  if (oidFault !== undefined) return refused(`has a type that ${oidFault}`)
  const valueFault = checkCharacters(value)
  if (valueFault !== undefined) return refused(`has a value that ${valueFault}`)
  return parsed({ oid, value })
}

/**
 * Whether a text is a user principal name as Active Directory has it: a name, an @ and a suffix
 * (MS-ADA3 section 2.349).
 *
 * @example
 * ```ts
 * checkUpn('ops@corp.example.com') // => undefined
 * checkUpn('ops') // => "is not a user principal name; name@suffix is needed, such as ops@corp.example.com"
 * ```
 */
export function checkUpn(text: string): string | undefined {
  const fault = checkCharacters(text)
  if (fault !== undefined) return fault
  if (/^[^@\s]+@[^@\s]+$/.test(text)) return undefined
  return 'is not a user principal name; name@suffix is needed, such as ops@corp.example.com'
}

/**
 * Whether a text is the base64 of exactly one DER value.
 *
 * @example
 * ```ts
 * checkDer('BQA=') // => undefined
 * checkDer('BQAA') // => "is not DER: The DER has 1 octets after its end; none may follow."
 * ```
 */
export function checkDer(base64: string): string | undefined {
  const der = Buffer.from(base64, 'base64')
  // Buffer.from skips what is not base64: only a text that it would write itself was all read.
  if (der.length === 0 || der.toString('base64') !== base64) {
    return 'is not base64; DER in base64 (RFC 4648 section 4, with padding) is needed'
  }
  try {
    readDer(der)
    return undefined
  } catch (error) {
    if (error instanceof CsrError) return `is not DER: ${error.message}`
    throw error
  }
}
