import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { runCommand } from '../readers/run-command.ts'
import type { Maker, MakerKey } from './maker.ts'

/** `certtool --generate-request` with templates. */
export const makeWithCerttool: Maker = async function* (keys) {
  const template = join(keys, 'certtool.cfg')
  for (const [what, key, settings] of variants) {
    await writeFile(template, settings.join('\n'))
    const privateKey = join(keys, `${key}.pem`)
    const args = ['--generate-request', '--outder', '--template', template]
    const { exitCode, stdout, stderr } = await runCommand('certtool', [
      ...args,
      '--load-privkey',
      privateKey,
    ])
    if (exitCode !== 0) throw new Error(`certtool, ${what}: ${stderr}`)
    yield { what, der: stdout }
  }
}

const subject = [
  'organization = "Example GmbH"',
  'unit = "IT"',
  'locality = "München"',
  'state = "Bayern"',
  'country = DE',
  'cn = "a.example.com"',
]

const server = ['tls_www_server', 'signing_key', 'encryption_key']

const variants: [what: string, key: MakerKey, settings: string[]][] = [
  ['RSA 2048, no extension', 'rsa-2048', subject],
  [
    'RSA 3072, a server',
    'rsa-3072',
    [...subject, ...server, 'dns_name = "a.example.com"', 'dns_name = "*.example.com"'],
  ],
  ['RSA 4096, a password', 'rsa-4096', [...subject, 'challenge_password = "pass, word"']],
  [
    'P-256, names',
    'ecdsa-p256',
    [
      ...subject,
      'signing_key',
      'tls_www_client',
      'ip_address = 192.0.2.1',
      'ip_address = 2001:db8::1',
      'email = "a@example.com"',
      'uri = "https://example.com/"',
    ],
  ],
  ['P-384, a CA', 'ecdsa-p384', ['cn = "Example CA"', 'ca', 'cert_signing_key', 'crl_signing_key']],
  ['P-521', 'ecdsa-p521', [...subject, 'dns_name = "a.example.com"']],
  ['Ed25519', 'ed25519', [...subject, 'signing_key', 'dns_name = "a.example.com"']],
  [
    'a name as text',
    'ecdsa-p256',
    ['dn = "cn=a\\, b,ou=two,ou=one,o=Example,c=DE"', 'code_signing_key', 'time_stamping_key'],
  ],
  [
    'other names',
    'rsa-2048',
    [
      ...subject,
      'other_name_utf8 = "1.3.6.1.4.1.311.20.2.3 a@example.com"',
      'xmpp_name = "a@example.com"',
      'dn_oid = "2.5.4.12 Dr."',
      'tls_feature = 5',
      'key_purpose_oid = 1.3.6.1.4.1.55555.1',
    ],
  ],
]
