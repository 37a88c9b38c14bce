import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { runCommand } from '../readers/run-command.ts'
import type { Maker, MakerKey } from './maker.ts'

/** `openssl req -new` with names and extensions from the command line and from a file. */
export const makeWithOpenssl: Maker = async function* (keys) {
  for (const [what, key, args] of variants) yield { what, der: await make(keys, key, args) }
  for (const [what, key, settings] of files) {
    const config = join(keys, 'openssl.cnf')
    await writeFile(config, settings)
    yield { what, der: await make(keys, key, ['-config', config]) }
  }
}

async function make(keys: string, key: MakerKey, args: readonly string[]): Promise<Buffer> {
  const privateKey = join(keys, `${key}.pem`)
  const common = ['req', '-new', '-batch', '-outform', 'DER', '-key', privateKey]
  const { exitCode, stdout, stderr } = await runCommand('openssl', [...common, ...args])
  if (exitCode !== 0) throw new Error(`openssl req ${args.join(' ')}: ${stderr}`)
  return stdout
}

const subject = [
  '-subj',
  '/C=DE/ST=Bayern/L=München/O=Example GmbH/OU=IT/CN=a.example.com',
  '-utf8',
]

const added = (...extensions: string[]) => extensions.flatMap((one) => ['-addext', one])

const variants: [what: string, key: MakerKey, args: string[]][] = [
  ['RSA 2048, no extension', 'rsa-2048', subject],
  [
    'RSA 4096, SHA-512, names',
    'rsa-4096',
    [...subject, '-sha512', ...added('subjectAltName=DNS:a.example.com,DNS:*.b.example.com')],
  ],
  ['RSA 3072, SHA-384', 'rsa-3072', [...subject, '-sha384']],
  [
    'P-256, key usages',
    'ecdsa-p256',
    [
      ...subject,
      ...added(
        'subjectAltName=DNS:a.example.com,IP:192.0.2.1,IP:2001:db8::1',
        'keyUsage=critical,digitalSignature,keyAgreement',
        'extendedKeyUsage=serverAuth,clientAuth,1.3.6.1.4.1.55555.1',
      ),
    ],
  ],
  [
    'P-384, a CA',
    'ecdsa-p384',
    [
      ...['-subj', '/CN=Example CA/O=Example', '-sha384'],
      ...added(
        'basicConstraints=critical,CA:TRUE,pathlen:1',
        'keyUsage=critical,keyCertSign,cRLSign',
        'subjectKeyIdentifier=hash',
      ),
    ],
  ],
  ['P-521', 'ecdsa-p521', [...subject, '-sha512']],
  ['Ed25519', 'ed25519', [...subject, ...added('subjectAltName=email:a@example.com')]],
  [
    'RDNs with several attributes',
    'rsa-2048',
    ['-subj', '/C=DE/O=Example+OU=One+OU=Two/CN=a+serialNumber=42', '-multivalue-rdn'],
  ],
  [
    'no subject',
    'ecdsa-p256',
    ['-subj', '/', ...added('subjectAltName=critical,DNS:a.example.com')],
  ],
]

const everything = `
[req]
distinguished_name = subject
req_extensions = extensions
attributes = attributes
prompt = no
utf8 = yes
string_mask = utf8only
[attributes]
challengePassword = pass word, ü
unstructuredName = a name
[subject]
C = DE
O = "Zoë, 👍 #\\" + = ; <a>"
0.OU = one
+OU = two
1.OU = three
CN = "#a.example.com"
emailAddress = a@example.com
0.1.3.6.1.4.1.55555.2 = of no standard
[extensions]
subjectAltName = DNS:a.example.com,IP:::1,email:a@example.com,URI:https://example.com/a?b=c,\
RID:1.2.3.4,otherName:1.3.6.1.4.1.311.20.2.3;UTF8:a@example.com,dirName:directory
keyUsage = critical, digitalSignature, keyEncipherment
extendedKeyUsage = serverAuth, codeSigning, emailProtection, timeStamping, OCSPSigning
basicConstraints = CA:FALSE
subjectKeyIdentifier = hash
tlsfeature = status_request
1.3.6.1.4.1.55555.3 = ASN1:UTF8:hello
[directory]
C = US
CN = a\\, b
`

const otherStrings = (mask: string) => `
[req]
distinguished_name = subject
prompt = no
utf8 = yes
string_mask = ${mask}
[subject]
O = Example
CN = Zoe
`

const files: [what: string, key: MakerKey, settings: string][] = [
  ['a file with everything', 'rsa-2048', everything],
  ['T61String', 'rsa-2048', otherStrings('nombstr')],
  ['BMPString', 'rsa-2048', otherStrings('MASK:0x800').replace('Zoe', 'Zoë')],
]
