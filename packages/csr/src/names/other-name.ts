import { checkCharacters } from '../character-rules.ts'
import { checkOid } from '../der/oid.ts'
import { type Parsed, parsed, refused } from '../parsed.ts'

/**
 * The parts of an otherName whose value is a UTF8String: a UPN is `1.3.6.1.4.1.311.20.2.3` and
 * its text.
 */
export type OtherName = { oid: string; value: string }

/** Reads an otherName (RFC 5280 section 4.2.1.6) written as `OID;UTF8:text`. */
export function parseOtherName(text: string): Parsed<OtherName> {
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
