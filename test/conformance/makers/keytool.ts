import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { java } from '../readers/keytool.ts'
import { runCommand } from '../readers/run-command.ts'
import type { Maker } from './maker.ts'

const program = join(import.meta.dirname, 'keytool', 'Commands.java')

/**
 * `keytool -genkeypair` and `keytool -certreq`, all command lines in one JVM. It makes its own keys:
 * it takes none from outside.
 */
export const makeWithKeytool: Maker = async function* (keys) {
  const file = (index: number) => join(keys, `keytool-${index}.pem`)
  const store = join(keys, 'keytool.p12')
  const common = ['-keystore', store, '-storepass', 'changeit']
  const commands = [
    ...pairs.map(([alias, args]) => ['-genkeypair', '-alias', alias, ...args, ...common]),
    ...requests.map(([, alias, args], index) => {
      return ['-certreq', '-alias', alias, '-file', file(index), ...args, ...common]
    }),
  ]
  const list = join(keys, 'keytool-commands')
  await writeFile(list, commands.map((args) => args.join('\t')).join('\n'))
  const quick = [
    '-XX:+UseSerialGC',
    '-XX:TieredStopAtLevel=1',
    ...['key', 'cert'].map((what) => `-Dkeystore.pkcs12.${what}PbeIterationCount=1`),
    '-Dkeystore.pkcs12.macIterationCount=1',
  ]
  const opens = ['--add-opens', 'java.base/sun.security.tools.keytool=ALL-UNNAMED']
  const exports = ['--add-exports', 'java.base/sun.security.tools.keytool=ALL-UNNAMED']
  const { exitCode, stderr } = await runCommand(java('java'), [
    ...quick,
    ...opens,
    ...exports,
    program,
    list,
  ])
  if (exitCode !== 0) throw new Error(`keytool: ${stderr}`)
  for (const [index, [what]] of requests.entries()) {
    const pem = await readFile(file(index), 'latin1')
    yield { what, der: Buffer.from(pem.replace(/-----.*-----/g, ''), 'base64') }
  }
}

const subject = ['-dname', 'CN=a.example.com, OU=IT, O=Example GmbH, L=München, ST=Bayern, C=DE']

const pairs: [alias: string, args: string[]][] = [
  // Its default for RSA, 3072 bits, can take it five seconds.
  ['ec', ['-keyalg', 'EC', ...subject]],
  ['rsa-2048', ['-keyalg', 'RSA', '-keysize', '2048', ...subject]],
  ['p256', ['-keyalg', 'EC', ...subject, '-groupname', 'secp256r1']],
  ['p384', ['-keyalg', 'EC', ...subject, '-groupname', 'secp384r1']],
  ['p521', ['-keyalg', 'EC', ...subject, '-groupname', 'secp521r1']],
  ['ed25519', ['-keyalg', 'Ed25519', ...subject]],
]

const requests: [what: string, alias: string, args: string[]][] = [
  ['EC, defaults', 'ec', []],
  ['RSA 2048, defaults', 'rsa-2048', []],
  ['RSA 2048, names', 'rsa-2048', ['-ext', 'SAN=dns:a.example.com,ip:192.0.2.1,ip:2001:db8::1']],
  ['RSA 2048, SHA-384', 'rsa-2048', ['-sigalg', 'SHA384withRSA']],
  [
    'P-256, key usages',
    'p256',
    ['-ext', 'KU:critical=digitalSignature,keyAgreement', '-ext', 'EKU=serverAuth,clientAuth'],
  ],
  ['P-384, a CA', 'p384', ['-ext', 'BC:critical=ca:true,pathlen:2', '-ext', 'KU=keyCertSign']],
  ['P-521', 'p521', []],
  ['Ed25519, names', 'ed25519', ['-ext', 'SAN:critical=dns:a.example.com']],
  [
    'other subject and names',
    'rsa-2048',
    [
      ...['-dname', 'CN="Zoë, \\"a\\"", O=A + OU=B, EMAILADDRESS=a@example.com, DC=example, C=DE'],
      ...['-ext', 'SAN=email:a@example.com,uri:https://example.com/,oid:1.2.3.4'],
    ],
  ],
  ['an extension of no standard', 'p256', ['-ext', '1.3.6.1.4.1.55555.3=0c:02:68:69']],
]
