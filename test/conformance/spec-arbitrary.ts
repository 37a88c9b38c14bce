import {
  attributeTypes,
  checkAttributeValue,
  extendedKeyUsageNames,
  isIpAddress,
  type KeyAlgorithmName,
  keyAlgorithmNames,
  keyAlgorithms,
} from '@csr-foundry/csr'
import fc from 'fast-check'

/** Building an arbitrary costs more than taking a value from it: each is built once. */
function once<T>(build: () => T): () => T {
  let built: { value: T } | undefined
  return () => {
    built ??= { value: build() }
    return built.value
  }
}

function kept<Argument, T>(build: (argument: Argument) => T): (argument: Argument) => T {
  const all = new Map<Argument, T>()
  return (argument) => {
    const found = all.get(argument) ?? build(argument)
    all.set(argument, found)
    return found
  }
}

// Readers stumble over what separates, quotes or escapes, over what is not in PrintableString and
// over characters of three and four octets.
const plain = [...'abcdefghijklmnopqrstuvwxyzABCXYZ0123456789 -.,:/()+?=']
const awkward = [...'*@_&"\\#;<>!%^~|{}[]$\'`äéßñΩжש株語한\u200d\u0301€😀𝒳']
const hosts = [
  'edge',
  'Rack-12',
  'a',
  'x1',
  'xn--bcher-kva',
  'bücher',
  'пример',
  '例え',
  'münchen',
  'straße',
]
const suffixes = ['example.com', 'Example.ORG', 'co.uk', 'lan', 'internal.example.net', 'example']

const text = kept((max: number): fc.Arbitrary<string> => {
  const units = fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom(...plain) },
    { weight: 1, arbitrary: fc.constantFrom(...awkward) },
  )
  return fc
    .oneof(
      {
        weight: 2,
        arbitrary: fc.string({ unit: fc.constantFrom(...plain), minLength: 1, maxLength: max }),
      },
      { weight: 2, arbitrary: fc.string({ unit: units, minLength: 1, maxLength: max }) },
    )
    .filter((value) => value.trim() !== '')
})

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

const rdns = kept((min: number) => {
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

const nameObject = once(() => {
  const fields = attributeTypes.map((type) => {
    const value = attributeValue(type)
    const values = fc.array(value, { minLength: 1, maxLength: 3 })
    return fc.tuple(fc.constant(type as string), fc.oneof(value, values))
  })
  return fc
    .uniqueArray(fc.oneof(...fields), { minLength: 1, maxLength: 7, selector: ([type]) => type })
    .map((entries) => Object.fromEntries(entries))
})

const subject = once(() => {
  return fc.oneof(
    { weight: 4, arbitrary: rdns(0) as fc.Arbitrary<unknown> },
    { weight: 3, arbitrary: nameObject() },
  )
})

const hostName = once(() => {
  return fc
    .tuple(
      fc.array(fc.constantFrom(...hosts), { minLength: 1, maxLength: 3 }),
      fc.constantFrom(...suffixes),
    )
    .map(([labels, suffix]) => [...labels, suffix].join('.'))
})

const asciiHostName = once(() => {
  return hostName().map((name) => name.replace(/[^\0-\x7f]+/g, 'u'))
})

const email = once(() => {
  return fc
    .tuple(fc.stringMatching(/^[a-z0-9!#$%&'*+/=?^_`{|}~-]{1,12}$/), asciiHostName())
    .map(([local, domain]) => `${local}@${domain}`)
})

const uri = once(() => {
  return fc
    .tuple(
      fc.constantFrom('https', 'ldap', 'spiffe', 'urn+x'),
      asciiHostName(),
      fc.constantFrom('', ':8443'),
      fc.stringMatching(/^(\/[a-z0-9._~!$&'()*+,;=:@-]{0,8}|%20){0,3}$/),
      fc.constantFrom('', '?a=b,c', '#frag'),
    )
    .map(
      ([scheme, host, port, path, rest]) =>
        `${scheme}://${host}${port}${path === '' || path.startsWith('/') ? path : `/${path}`}${rest}`,
    )
})

const starts = ['1.2', '1.3.6.1.4.1', '2.16', '2.5.999', '0.9'] as const

function oidOf(largestArc: number) {
  const arcs = fc.array(fc.integer({ min: 0, max: largestArc }), { minLength: 1, maxLength: 5 })
  return fc
    .tuple(fc.constantFrom(...starts), arcs)
    .map(([start, rest]) => [start, ...rest].join('.'))
}

const oid = once(() => oidOf(2 ** 31 - 1))

// Python's cryptography 38 reads no attribute type with an arc of five octets.
const attributeOid = once(() => oidOf(2 ** 28 - 1))

const altName = once(() => {
  const of = <T>(type: string, value: fc.Arbitrary<T>) =>
    fc.record({ type: fc.constant(type), value })
  return fc.oneof(
    {
      weight: 6,
      arbitrary: of(
        'dns',
        fc
          .tuple(fc.constantFrom('', '', '', '*.a.'), hostName())
          .map(([star, host]) => star + host),
      ),
    },
    { weight: 2, arbitrary: of('ip', fc.ipV4()) },
    { weight: 2, arbitrary: of('ip', fc.ipV6().filter(isIpAddress)) },
    { weight: 2, arbitrary: of('email', email()) },
    { weight: 2, arbitrary: of('uri', uri()) },
    { weight: 1, arbitrary: of('rid', oid()) },
    {
      weight: 1,
      arbitrary: of('dirName', fc.oneof(rdns(1) as fc.Arbitrary<unknown>, nameObject())),
    },
    {
      weight: 1,
      arbitrary: of(
        'upn',
        asciiHostName().map((host) => `ops@${host}`),
      ),
    },
    {
      weight: 1,
      arbitrary: fc.record({ type: fc.constant('otherName'), oid: oid(), value: text(30) }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        type: fc.constant('otherName'),
        oid: oid(),
        der: fc.constantFrom('BQA=', 'AgEF', 'MAMCAQU='),
      }),
    },
  )
})

const key = kept((algorithm: KeyAlgorithmName) => {
  const digests = [...keyAlgorithms[algorithm].signatureAlgorithms.keys()].filter(
    (one) => one !== undefined,
  )
  if (digests.length === 0) return fc.constant({ algorithm })
  return fc.record(
    { algorithm: fc.constant(algorithm), digest: fc.constantFrom(...digests) },
    { requiredKeys: ['algorithm'] },
  )
})

const extensions = kept((algorithm: KeyAlgorithmName) => {
  return fc
    .record(
      {
        keyUsage: keyUsage(algorithm),
        extendedKeyUsage: extendedKeyUsage(),
        subjectKeyIdentifier: fc.oneof(
          fc.constant(true),
          fc.constantFrom('00', '0123456789abcdef0123456789abcdef01234567', 'ff'.repeat(32)),
        ),
        mustStaple: fc.constant(true),
        basicConstraints: fc.constantFrom({ ca: false }, { ca: false, critical: true }),
        microsoftTemplate: fc.record(
          { oid: oid(), majorVersion: fc.integer({ min: 0, max: 0xffffffff }) },
          { requiredKeys: ['oid'] },
        ),
        microsoftTemplateName: text(32).filter((name) => /^[\0-\uffff]*$/u.test(name)),
        raw: fc.uniqueArray(
          fc.record(
            {
              oid: oid(),
              critical: fc.boolean(),
              value: fc.constantFrom('BQA=', 'AgEF', 'MAMCAQU=', 'DAVow6lsbA=='),
            },
            { requiredKeys: ['oid', 'value'] },
          ),
          { minLength: 1, maxLength: 3, selector: (one) => one.oid },
        ),
      },
      { requiredKeys: [] },
    )
    .chain((one) =>
      fc.oneof(
        { weight: 3, arbitrary: fc.constant(one) },
        { weight: 1, arbitrary: authority(one) },
      ),
    )
})

/** A CA's own extensions go together (RFC 5280 section 4.2.1.9). */
function authority(others: object) {
  return fc.constantFrom(0, 1, 255, undefined).map((pathLength) => ({
    ...others,
    keyUsage: ['keyCertSign', 'cRLSign'],
    basicConstraints: { ca: true, ...(pathLength === undefined ? {} : { pathLength }) },
  }))
}

function keyUsage(algorithm: KeyAlgorithmName) {
  const signing = ['digitalSignature', 'nonRepudiation', 'cRLSign']
  const also = algorithm.startsWith('rsa')
    ? ['keyEncipherment', 'dataEncipherment']
    : algorithm.startsWith('ecdsa')
      ? ['keyAgreement']
      : []
  const usages = fc.uniqueArray(fc.constantFrom(...signing, ...also), {
    minLength: 1,
    maxLength: 5,
  })
  const withOnly = algorithm.startsWith('ecdsa')
    ? fc.constantFrom(['keyAgreement', 'encipherOnly'], ['keyAgreement', 'decipherOnly'])
    : usages
  return fc.oneof(usages, withOnly, fc.record({ usages, critical: fc.boolean() }))
}

const extendedKeyUsage = once(() => {
  const usages = fc.uniqueArray(fc.oneof(fc.constantFrom(...extendedKeyUsageNames), oid()), {
    minLength: 1,
    maxLength: 5,
  })
  return fc.oneof(usages, fc.record({ usages, critical: fc.boolean() }))
})

const attributes = once(() => {
  return fc.record(
    { challengePassword: text(40), unstructuredName: text(40) },
    { requiredKeys: [] },
  )
})

function saysWhoItIs({
  subject,
  subjectAltNames,
}: {
  subject?: unknown
  subjectAltNames?: unknown[]
}): boolean {
  const named = Array.isArray(subject) ? subject.length > 0 : true
  return named || (subjectAltNames ?? []).length > 0
}

/**
 * Every spec that the package takes, as a client writes it: all writings of subjects and names,
 * all algorithms, extensions and attributes. Values lean towards what readers stumble over.
 */
export const specArbitrary: fc.Arbitrary<Record<string, unknown>> = fc.oneof(
  ...keyAlgorithmNames.map((algorithm) =>
    fc
      .record(
        {
          subject: subject(),
          subjectAltNames: fc.array(altName(), { maxLength: 8 }),
          key: key(algorithm),
          extensions: extensions(algorithm),
          attributes: attributes(),
        },
        { requiredKeys: ['key', 'subject'] },
      )
      .filter(saysWhoItIs),
  ),
)
