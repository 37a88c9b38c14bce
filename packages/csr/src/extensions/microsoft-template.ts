import { z } from 'zod'
import { checkCharacters } from '../character-rules.ts'
import { type DerElement, expectTag, readInteger, readOid, tags } from '../der/der-reader.ts'
import { readString } from '../der/der-string.ts'
import * as der from '../der/der-writer.ts'
import { checkOid } from '../der/oid.ts'
import { CsrError } from '../errors.ts'
import { checked, fieldsOf } from '../schemas.ts'
import type { ExtensionForm } from './extension-form.ts'

/** A certificate template of an AD CS enterprise CA by its object identifier and version. */
export type MicrosoftTemplate = { oid: string; majorVersion?: number; minorVersion?: number }

const version = z
  .int('must be a whole number')
  .min(0, 'is below 0; 0 to 4294967295 is allowed')
  .max(0xffffffff, 'is above 4294967295; 0 to 4294967295 is allowed')

/**
 * szOID_ENROLL_CERTTYPE_EXTENSION (MS-WCCE section 2.2.2.7.7.1): the name of a
 * template of version 1 as a BMPString. Never critical.
 */
export const microsoftTemplateNameForm: ExtensionForm<string> = {
  oid: '1.3.6.1.4.1.311.20.2',
  schema: checked(
    (name) =>
      checkCharacters(name) ??
      (/^[\0-\uffff]{1,64}$/u.test(name)
        ? undefined
        : 'is not 1 to 64 characters up to U+FFFF, which is what the name of a template can have'),
  ),
  encode: (name) => der.bmpString(name),
  critical: () => false,
  read: (element, _critical, reading, pointer) => {
    const { value, stringType } = readString(element, reading.at(pointer))
    if (element.content.length === 0) {
      throw new CsrError('malformed_csr', 'The name of the certificate template is empty.')
    }
    if (stringType !== 'bmp') {
      throw new CsrError(
        'malformed_csr',
        'The name of the certificate template is not a BMPString.',
      )
    }
    return value
  },
}

/**
 * szOID_CERTIFICATE_TEMPLATE (MS-WCCE section 2.2.2.7.7.2): the template's object identifier and
 * its version. Never critical.
 */
export const microsoftTemplateForm: ExtensionForm<MicrosoftTemplate> = {
  oid: '1.3.6.1.4.1.311.21.7',
  schema: fieldsOf({
    oid: checked(checkOid),
    majorVersion: z.exactOptional(version),
    minorVersion: z.exactOptional(version),
  }).superRefine(({ majorVersion, minorVersion }, context) => {
    if (minorVersion === undefined || majorVersion !== undefined) return
    const message = 'is given without majorVersion; both are needed, or majorVersion alone'
    context.addIssue({ code: 'custom', message, path: ['minorVersion'] })
  }),
  encode: ({ oid, majorVersion, minorVersion }) =>
    der.sequence([
      der.oid(oid),
      ...[majorVersion, minorVersion].flatMap((one) =>
        one === undefined ? [] : [der.integer(one)],
      ),
    ]),
  critical: () => false,
  read: (element, _critical, reading, pointer) => {
    expectTag(element, tags.sequence, 'the certificate template')
    const [oid, major, minor, ...more] = element.children
    if (more.length > 0) throw malformed()
    const number = (one: DerElement) => {
      const value = readInteger(one, reading.at(pointer))
      if (value < 0 || value > 0xffffffff) throw malformed()
      return Number(value)
    }
    return {
      oid: readOid(oid),
      ...(major === undefined ? {} : { majorVersion: number(major) }),
      ...(minor === undefined ? {} : { minorVersion: number(minor) }),
    }
  },
}

function malformed(): CsrError {
  return new CsrError(
    'malformed_csr',
    'The certificate template is not an identifier and a version.',
  )
}
