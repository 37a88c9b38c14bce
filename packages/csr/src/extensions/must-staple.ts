import { z } from 'zod'
import { oids } from '../csr-oids.ts'
import { expectTag, readDer, readInteger, tags } from '../der/der-reader.ts'
import * as der from '../der/der-writer.ts'
import { CsrError } from '../errors.ts'
import { strictly } from '../reading.ts'
import type { ExtensionForm } from './extension-form.ts'

const statusRequest = der.sequence([der.integer(5)])

/**
 * The TLS feature extension with status_request alone, known as must-staple (RFC 7633): never
 * critical.
 */
export const mustStapleForm: ExtensionForm<true> = {
  oid: oids.tlsFeature,
  schema: z.literal(true, 'must be true, or left out'),
  encode: () => statusRequest,
  critical: () => false,
  read: (element, _critical, reading, pointer) => {
    expectTag(element, tags.sequence, 'the TLS features')
    const features = element.children.map((feature) => readInteger(feature, reading.at(pointer)))
    if (!features.includes(5n)) {
      reading.report(
        'tls_feature',
        pointer,
        'The TLS features do not have status_request (5), the only one that CAs know.',
      )
    }
    return element.encoded.equals(statusRequest) ? true : undefined
  },
}

/**
 * Whether a raw extension may have the type of the TLS feature: with more features beside
 * status_request, for which there is no field.
 */
export function checkRawTlsFeature(base64: string): string | undefined {
  try {
    const element = readDer(Buffer.from(base64, 'base64'))
    const value = mustStapleForm.read(element, false, strictly(), '')
    return value === undefined ? undefined : 'is that of extensions.mustStaple; say it there'
  } catch (error) {
    if (!(error instanceof CsrError)) throw error
    return 'is that of the TLS feature, of which the value is none that has status_request (5)'
  }
}
