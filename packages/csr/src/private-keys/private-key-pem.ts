import { refusal } from './private-key-error.ts'

/** Labels of the PEM blocks that are read, with what each holds. */
const pemForms = {
  'PRIVATE KEY': 'pkcs8',
  'ENCRYPTED PRIVATE KEY': 'encrypted-pkcs8',
  'RSA PRIVATE KEY': 'pkcs1',
  'EC PRIVATE KEY': 'sec1',
} as const satisfies Record<string, string>

/** The structures that a private key is read from. */
export type PrivateKeyForm = (typeof pemForms)[keyof typeof pemForms]

/** What PEM holds: one private key; `curve` is the DER of an EC PARAMETERS block before it. */
export type PemContent = { form: PrivateKeyForm; der: Buffer; curve: Buffer | undefined }

/** The command that converts a key into the form that is always read. */
export const conversion =
  'convert it: openssl pkcs8 -topk8 -v2 aes-256-cbc -in old.pem -out new.pem'

const begins = /-----BEGIN ([^-\r\n]*)-----/g
const block = /-----BEGIN (?<label>[A-Z0-9 ]+)-----(?<body>[^-]*)-----END \k<label>-----/g
const needed = 'one private key is needed, labelled PRIVATE KEY or ENCRYPTED PRIVATE KEY'

/**
 * The one private key in PEM (RFC 7468 sections 10, 11 and 13; RFC 5915 section 4). Text around
 * the block is allowed.
 *
 * @throws PrivateKeyError malformed_pem; unsupported_form for any other content, with a word on
 * what it is
 */
export function readPrivateKeyPem(text: string): PemContent {
  const labels = [...text.matchAll(begins)].map(([, label = '']) => label)
  const keys = labels[0] === 'EC PARAMETERS' ? labels.slice(1) : labels
  const [label] = keys
  if (label === undefined) throw malformed('has no private key')
  if (keys.length > 1) throw severalBlocks(keys)
  const form = isPemLabel(label) ? pemForms[label] : undefined
  if (form === undefined) throw unsupported(label)
  if (labels.length > 1 && form !== 'sec1') {
    const message =
      'The PEM has EC PARAMETERS in front of a private key that names its curve itself'
    throw refusal('unsupported_form', `${message}; leave the first block out.`)
  }
  if (text.includes('Proc-Type:')) {
    const what = 'The PEM is encrypted in the traditional way (Proc-Type), which is not safe'
    throw refusal('unsupported_form', `${what}; ${conversion}`)
  }
  const ders = readBlocks(text, labels.length)
  return {
    form,
    der: ders.at(-1) ?? Buffer.alloc(0),
    curve: labels.length > 1 ? ders[0] : undefined,
  }
}

function isPemLabel(label: string): label is keyof typeof pemForms {
  return Object.hasOwn(pemForms, label)
}

function readBlocks(text: string, count: number): Buffer[] {
  const found = [...text.matchAll(block)]
  if (found.length !== count) throw malformed('has a block without its end')
  return found.map(({ groups }) => {
    const base64 = (groups?.body ?? '').replace(/\s/g, '')
    const der = Buffer.from(base64, 'base64')
    // Buffer.from skips what is not base64: only a text that it would write itself was all read.
    if (der.length === 0 || der.toString('base64') !== base64) throw malformed('is not base64')
    return der
  })
}

function severalBlocks(labels: string[]) {
  const known = [...new Set(labels.map(nameOf))].join(', ')
  const message = `The PEM has ${labels.length} blocks (${known}); ${needed}.`
  return refusal('unsupported_form', message)
}

function unsupported(label: string) {
  if (label === 'OPENSSH PRIVATE KEY') {
    const message =
      'The PEM is a key in OpenSSH’s own form; convert a copy of it: ssh-keygen -p -m PKCS8 -f copy'
    return refusal('unsupported_form', message)
  }
  return refusal('unsupported_form', `The PEM holds ${nameOf(label)}; ${needed}.`)
}

const names: Readonly<Record<string, string>> = {
  CERTIFICATE: 'a certificate',
  'TRUSTED CERTIFICATE': 'a certificate',
  'X509 CERTIFICATE': 'a certificate',
  'CERTIFICATE REQUEST': 'a CSR',
  'NEW CERTIFICATE REQUEST': 'a CSR',
  'PUBLIC KEY': 'a public key',
  'RSA PUBLIC KEY': 'a public key',
  'DSA PRIVATE KEY': 'a DSA key',
  'EC PARAMETERS': 'the name of a curve',
  'OPENSSH PRIVATE KEY': 'an OpenSSH key',
  PKCS12: 'a PKCS #12 file',
  PKCS7: 'a PKCS #7 file',
}

// A label that is not in a list is not repeated: it is text of a stranger's.
function nameOf(label: string): string {
  if (isPemLabel(label)) return 'a private key'
  return Object.hasOwn(names, label) ? (names[label] ?? '') : 'something else'
}

function malformed(how: string) {
  return refusal('malformed_pem', `The PEM ${how}; ${needed}.`)
}
