import { attributeTypes, checkAttributeValue } from '@csr-foundry/csr'
import fc from 'fast-check'
import { kept, once } from './built-once.ts'
import { attributeOid, email, plain, text } from './texts.ts'

type WrittenAttribute = { type: string; value: string; stringType?: string }

const attribute = once((): fc.Arbitrary<WrittenAttribute> => {
  const known = attributeTypes.map((type) =>
    fc.record({ type: fc.constant(type as string), value: attributeValue(type) }),
  )
  const other = fc.record(
    { type: attributeOid(), value: text(20), stringType: fc.constant('utf8') },
    { requiredKeys: ['type', 'value'] },
  )
  const typed = fc.record({
    type: fc.constantFrom('CN', 'O', 'OU', 'L', 'commonName'),
    value: text(40),
    stringType: fc.constant('utf8'),
  })
  return fc.oneof(
    { weight: 8, arbitrary: fc.oneof(...known) },
    { weight: 1, arbitrary: other },
    { weight: 2, arbitrary: typed },
  )
})

const attributeValue = kept((type: (typeof attributeTypes)[number]): fc.Arbitrary<string> => {
  if (type === 'C' || type === 'jurisdictionC') return fc.constantFrom('US', 'CH', 'JP', 'GB')
  if (type === 'emailAddress') return email()
  const long = fc.string({ unit: fc.constantFrom(...plain), minLength: 1, maxLength: 64 })
  const value = fc.oneof(text(40), long)
  return value.filter((one) => checkAttributeValue(type, one) === undefined)
})

/** A name as a list of at least so many RDNs. */
export const rdns = kept((min: number) => {
  const several = fc.uniqueArray(attribute(), {
    minLength: 1,
    maxLength: 4,
    selector: ({ type }) => (type === 'commonName' ? 'CN' : type),
  })
  const rdn = fc.oneof(
    { weight: 6, arbitrary: attribute() as fc.Arbitrary<unknown> },
    { weight: 1, arbitrary: several },
  )
  return fc.array(rdn, { minLength: min, maxLength: 8 })
})

/** A name as an object of the values of its types. */
export const nameObject = once(() => {
  const fields = attributeTypes.map((type) => {
    const value = attributeValue(type)
    const values = fc.array(value, { minLength: 1, maxLength: 3 })
    return fc.tuple(fc.constant(type as string), fc.oneof(value, values))
  })
  return fc
    .uniqueArray(fc.oneof(...fields), { minLength: 1, maxLength: 7, selector: ([type]) => type })
    .map((entries) => Object.fromEntries(entries))
})

/** A subject, in each of its writings. */
export const subject = once(() => {
  return fc.oneof(
    { weight: 4, arbitrary: rdns(0) as fc.Arbitrary<unknown> },
    { weight: 3, arbitrary: nameObject() },
  )
})
