import { checkCharacters } from '../character-rules.ts'
import { checkOid } from '../der/oid.ts'
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
