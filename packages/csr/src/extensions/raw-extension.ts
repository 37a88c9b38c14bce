import { z } from 'zod'
import { checkDer } from '../der/base64-der.ts'
import { checkOid } from '../der/oid.ts'
import { checked, fieldsOf } from '../schemas.ts'

/** An extension that this package does not know: `value` is its DER in base64. */
export type RawExtension = { oid: string; critical: boolean; value: string }

/** Takes a raw extension; whether its type has a field of its own is looked at by the caller. */
export const rawExtensionSchema: z.ZodType<RawExtension> = fieldsOf({
  oid: checked(checkOid),
  critical: z.boolean('must be true or false').default(false),
  value: checked(checkDer),
})
