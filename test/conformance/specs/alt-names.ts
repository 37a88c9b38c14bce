import { domainToASCII } from 'node:url'
import { isIpAddress } from '@csr-foundry/csr'
import fc from 'fast-check'
import { once } from './built-once.ts'
import { nameObject, rdns } from './distinguished-names.ts'
import { asciiHostName, email, hostName, oid, text, uri } from './texts.ts'

/** Subject alternative names of all types, none of which is there twice: a spec may not repeat one. */
export const altNames = once(() => fc.uniqueArray(altName(), { maxLength: 8, selector: identity }))

type AltName = { type: string; value?: unknown; oid?: string; der?: string }

const altName = once((): fc.Arbitrary<AltName> => {
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

/** What two names have in common that are encoded alike; it may hold for others as well. */
function identity({ type, value, ...rest }: AltName): string {
  const normal = normalForms[type]?.(value) ?? value
  return JSON.stringify([type, normal, rest])
}

const normalForms: Readonly<Record<string, (value: unknown) => unknown>> = {
  dns: (value) => String(value).split('.').map(aLabel).join('.'),
  ip: (value) =>
    new URL(String(value).includes(':') ? `http://[${value}]` : `http://${value}`).host,
  dirName: (value) => attributesOf(value).toSorted(),
}

/** The case of a label in ASCII stays as it was written. */
const aLabel = (label: string) => (/^[\0-\x7f]*$/.test(label) ? label : domainToASCII(label))

/** The attributes of a name in any writing; what RDNs they are in is left out. */
function attributesOf(name: unknown): string[] {
  if (!Array.isArray(name)) {
    return Object.entries(name as object).flatMap(([type, values]) =>
      [values].flat().map((value) => `${type}=${value}`),
    )
  }
  return name.flat().map(({ type, value }) => `${type === 'commonName' ? 'CN' : type}=${value}`)
}
