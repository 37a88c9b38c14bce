import { execFileSync } from 'node:child_process'
import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type JsonWebKey,
  type KeyObject,
} from 'node:crypto'
import { readFileSync, statSync } from 'node:fs'
import { chmod, mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises'
import { CompactEncrypt, type CompactJWEHeaderParameters, calculateJwkThumbprint } from 'jose'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { enterFolder, type Folder } from './folder.ts'
import { runHere } from './in-process.ts'
import { playHere } from './session.ts'

let folder: Folder
const { privateKey, publicKey } = generateKeyPairSync('ed25519')
const pkcs8 = privateKey.export({ format: 'der', type: 'pkcs8' })
const pem = String(privateKey.export({ format: 'pem', type: 'pkcs8' }))
const spkiSha256 = createHash('sha256')
  .update(publicKey.export({ format: 'der', type: 'spki' }))
  .digest('hex')

const identities = {
  x25519: generateKeyPairSync('x25519').privateKey,
  p256: generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey,
  rsa: generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey,
}
type IdentityName = keyof typeof identities
const names = Object.keys(identities) as IdentityName[]
const publicJwk = (key: KeyObject) => createPublicKey(key).export({ format: 'jwk' })

/** A JWE as a worker makes it. */
async function exported(
  name: IdentityName,
  more: Partial<CompactJWEHeaderParameters> = {},
  payload = pkcs8,
): Promise<string> {
  const alg = name === 'rsa' ? 'RSA-OAEP-256' : 'ECDH-ES'
  const named = { tenant: 'default', key: '7', spkiSha256 }
  return await new CompactEncrypt(payload)
    .setProtectedHeader({
      alg,
      enc: 'A256GCM',
      cty: 'application/pkcs8',
      'csr-foundry': named,
      ...more,
    })
    .encrypt(createPublicKey(identities[name]))
}

beforeAll(async () => {
  folder = await enterFolder()
  for (const name of names) {
    const key = identities[name]
    await writeFile(`${name}.key`, key.export({ format: 'pem', type: 'pkcs8' }))
    await writeFile(`${name}.jwk`, JSON.stringify(key.export({ format: 'jwk' })))
    await writeFile(`${name}.pub`, createPublicKey(key).export({ format: 'pem', type: 'spki' }))
    await writeFile(`${name}.jwe`, `${await exported(name)}\n`)
  }
  await writeFile('p256.sec1', identities.p256.export({ format: 'pem', type: 'sec1' }))
  await writeFile('rsa.pkcs1', identities.rsa.export({ format: 'pem', type: 'pkcs1' }))
  const locked = { format: 'pem', cipher: 'aes-256-cbc', passphrase: 'correct horse' } as const
  await writeFile('locked.key', identities.x25519.export({ ...locked, type: 'pkcs8' }))
  await writeFile('old.key', identities.rsa.export({ ...locked, type: 'pkcs1' }))
  await writeFile('password', 'correct horse\n')
  await writeFile('wrong', 'battery staple\n')
  await writeFile(
    'other.key',
    String(generateKeyPairSync('x25519').privateKey.export({ format: 'pem', type: 'pkcs8' })),
  )
  await writeFile('edge.key', pem)
})

afterAll(() => folder[Symbol.asyncDispose]())

const shell = (session: string) => playHere(session, {})
const open = (...args: string[]) => runHere(['key', 'open', ...args])

test.each([
  ['x25519.jwe', 'x25519.key'],
  ['x25519.jwe', 'x25519.jwk'],
  ['p256.jwe', 'p256.key'],
  ['p256.jwe', 'p256.jwk'],
  ['p256.jwe', 'p256.sec1'],
  ['rsa.jwe', 'rsa.key'],
  ['rsa.jwe', 'rsa.jwk'],
  ['rsa.jwe', 'rsa.pkcs1'],
  ['x25519.jwe', 'locked.key', '--password-file', 'password'],
  ['rsa.jwe', 'old.key', '--password-file', 'password'],
])('%s opens with %s, and its key goes to standard output as PEM', async (file, ...identity) => {
  expect(await open(file, '--identity', ...identity)).toEqual({
    stdout: pem,
    stderr: '',
    shown: pem,
    code: 0,
  })
})

test('the answer of the service opens as it is, and standard input is a dash', async () => {
  const jwe = await exported('x25519')
  await writeFile('answer.json', JSON.stringify({ path: '7', ref: 'rack-1', jwe }, null, 2))
  expect((await open('answer.json', '--identity', 'x25519.key')).stdout).toBe(pem)
  const args = ['key', 'open', '-', '--identity', 'x25519.key']
  expect((await runHere(args, { stdin: `${jwe}\r\n` })).stdout).toBe(pem)
  const swapped = ['key', 'open', 'x25519.jwe', '--identity', '-']
  expect((await runHere(swapped, { stdin: readFileSync('x25519.jwk') })).stdout).toBe(pem)
})

test('--out writes a file that its owner alone can read, and replaces none unless told', async () => {
  await writeFile('old.pem', 'something dear')
  await chmod('old.pem', 0o644)
  await mkdir('folder')
  await symlink('nowhere.pem', 'link.pem')
  await shell(`
    $ csrctl key open x25519.jwe --identity x25519.key --out 7.pem
    $ csrctl key open x25519.jwe --identity x25519.key --out 7.pem
    csrctl: 7.pem is there already. Name another file, or replace it with --force.
    [2]
    $ csrctl key open x25519.jwe --identity x25519.key --out old.pem --json
    {
      "error": {
        "code": "file_exists",
        "message": "old.pem is there already.",
        "hint": "Name another file, or replace it with --force."
      }
    }
    csrctl: old.pem is there already. Name another file, or replace it with --force.
    [2]
    $ csrctl key open x25519.jwe --identity x25519.key --out link.pem
    csrctl: link.pem is there already. Name another file, or replace it with --force.
    [2]
    $ csrctl key open x25519.jwe --identity x25519.key --out folder --force
    csrctl: folder is not a file. Check that its folder is there, that you may write in it, and that the disk has room.
    [2]
    $ csrctl key open x25519.jwe --identity x25519.key --out /dev/null --force
    csrctl: /dev/null is not a file. Check that its folder is there, that you may write in it, and that the disk has room.
    [2]
    $ csrctl key open x25519.jwe --identity x25519.key --out gone/7.pem
    csrctl: gone/7.pem cannot be written (ENOENT). Check that its folder is there, that you may write in it, and that the disk has room.
    [2]
    `)
  expect(await readFile('7.pem', 'utf8')).toBe(pem)
  expect(statSync('7.pem').mode & 0o777).toBe(0o600)
  expect(await readFile('old.pem', 'utf8')).toBe('something dear')
  await shell(`
    $ csrctl key open x25519.jwe --identity x25519.key --out old.pem --force
    `)
  expect(await readFile('old.pem', 'utf8')).toBe(pem)
  expect(statSync('old.pem').mode & 0o777).toBe(0o600)
  expect((await readdir('.')).filter((name) => /\.[0-9a-f]{12}$/.test(name))).toEqual([])
})

test('--json says what the export says of itself, with the key or the file that it went to', async () => {
  const { stdout } = await open('p256.jwe', '--identity', 'p256.key', '--json')
  const facts = { tenant: 'default', key: '7', spkiSha256 }
  expect(JSON.parse(stdout)).toEqual({ ...facts, privateKey: pem })
  const args = ['--identity', 'p256.key', '--json', '--out', 'json.pem']
  expect(JSON.parse((await open('p256.jwe', ...args)).stdout)).toEqual({
    ...facts,
    file: 'json.pem',
  })
  expect(await readFile('json.pem', 'utf8')).toBe(pem)
})

test('a private key is not put on a terminal by accident', async () => {
  const args = ['key', 'open', 'x25519.jwe', '--identity', 'x25519.key']
  for (const more of [[], ['--json']]) {
    expect(await runHere([...args, ...more], { terminal: true })).toMatchObject({
      stdout: '',
      stderr:
        "csrctl: A private key is not for terminals. Name a file with '--out', or show it with '--out -'.\nRun \"csrctl key open --help\" to see what it takes.\n",
      code: 2,
    })
  }
  const told = await runHere([...args, '--out', '-'], { terminal: true })
  expect(told).toMatchObject({ shown: pem, code: 0 })
  const filed = await runHere([...args, '--out', 'terminal.pem'], { terminal: true })
  expect(filed).toMatchObject({ shown: '', code: 0 })
})

test('what does not open says whether it is the identity or the file', async () => {
  const own = await calculateJwkThumbprint(publicJwk(identities.x25519))
  const other = createPrivateKey(readFileSync('other.key'))
  const otherKid = await calculateJwkThumbprint(publicJwk(other))
  const named = await exported('x25519', { kid: own })
  await writeFile('named.jwe', named)
  await writeFile('changed.jwe', `${named.slice(0, -3)}${named.endsWith('AAA') ? 'BBB' : 'AAA'}`)
  await writeFile('escape.jwe', await exported('x25519', { kid: '\u001b[2J' }))
  const give = 'Give the private key of the recipient that it was exported for, or export it again.'
  await shell(`
    $ csrctl key open x25519.jwe --identity other.key
    csrctl: x25519.jwe does not open with other.key: it names no recipient; this one is ${otherKid}. ${give}
    [1]
    $ csrctl key open x25519.jwe --identity p256.key
    csrctl: x25519.jwe does not open with p256.key: it names no recipient; this one is …. ${give}
    [1]
    $ csrctl key open x25519.jwe --identity rsa.key
    csrctl: x25519.jwe does not open with rsa.key: it names no recipient; this one is …. ${give}
    [1]
    $ csrctl key open named.jwe --identity other.key
    csrctl: named.jwe does not open with other.key: it is for the recipient ${own}; this one is ${otherKid}. ${give}
    [1]
    $ csrctl key open escape.jwe --identity other.key
    csrctl: escape.jwe does not open with other.key: it is for the recipient \\u{1b}[2J; this one is ${otherKid}. ${give}
    [1]
    $ csrctl key open changed.jwe --identity x25519.key
    csrctl: changed.jwe does not open with x25519.key, which it is for: it was changed or cut. Get the file again, or export the key again.
    [1]
    `)
})

test('what is in it has to be the private key that it names', async () => {
  await writeFile('text.jwe', await exported('p256', {}, Buffer.from('no key')))
  const of = { 'csr-foundry': { tenant: 'default', key: '7', spkiSha256: '00'.repeat(32) } }
  await writeFile('swapped.jwe', await exported('p256', of))
  for (const file of ['text.jwe', 'swapped.jwe']) {
    await shell(`
    $ csrctl key open ${file} --identity p256.key
    csrctl: ${file} opens, but what is in it is not the private key that it names. Get the file again, or export the key again.
    [1]
    `)
  }
})

test('what is no exported key says so, whatever it is', async () => {
  const jwe = await exported('x25519')
  const locked = { format: 'pem', type: 'pkcs8', cipher: 'aes-256-cbc', passphrase: 'x' } as const
  const files: Record<string, string> = {
    text: 'no key',
    cut: jwe.split('.').slice(0, 4).join('.'),
    jws: 'eyJhbGciOiJub25lIn0.e30.AA.AA.AA',
    json: '{"jwe": 7}',
    'broken.json': `{"jwe": "${jwe}"`,
    lines: `{"jwe": "${jwe}"}\n{"jwe": "${jwe}"}\n`,
    empty: ' \n',
  }
  const hint = 'Give what "csrctl key export" wrote for a recipient, whole; of several lines one.'
  for (const [name, text] of Object.entries(files)) {
    await writeFile(`no-${name}`, text)
    await shell(`
    $ csrctl key open no-${name} --identity x25519.key
    csrctl: There is no exported key (JWE) in no-${name}. ${hint}
    [2]
    `)
  }
  await writeFile('under-password.pem', privateKey.export(locked))
  await writeFile('large', 'x'.repeat(65_537))
  await shell(`
    $ csrctl key open under-password.pem --identity x25519.key
    csrctl: The key in under-password.pem is encrypted under a password, not for a recipient; openssl pkcs8 -in under-password.pem opens it. ${hint}
    [2]
    $ csrctl key open gone --identity x25519.key
    csrctl: The exported key cannot be read from gone. There is no such file. Check its name and the folder that it should be in.
    [2]
    $ csrctl key open large --identity x25519.key
    csrctl: The exported key cannot be read from large. It has more than 64 KiB, as no exported key has. Check that it is the file you mean.
    [2]
    `)
})

test('an identity that cannot serve says why', async () => {
  await writeFile(
    'p384.key',
    String(
      generateKeyPairSync('ec', { namedCurve: 'P-384' }).privateKey.export({
        format: 'pem',
        type: 'pkcs8',
      }),
    ),
  )
  await writeFile('set.jwk', JSON.stringify({ keys: [] }))
  await writeFile('x25519.pub.jwk', JSON.stringify(publicJwk(identities.x25519)))
  const hint = 'Give a key of RSA with 2048 bits or more, P-256 or X25519, as PEM or JWK.'
  await shell(`
    $ csrctl key open x25519.jwe --identity x25519.pub
    csrctl: x25519.pub has the public half of a key; the private one is needed. ${hint}
    [2]
    $ csrctl key open x25519.jwe --identity x25519.pub.jwk
    csrctl: x25519.pub.jwk has the public half of a key; the private one is needed. ${hint}
    [2]
    $ csrctl key open x25519.jwe --identity edge.key
    csrctl: The key in edge.key is of a kind that no export is made for: ed25519. ${hint}
    [2]
    $ csrctl key open x25519.jwe --identity p384.key
    csrctl: The key in p384.key is of a kind that no export is made for: ec (secp384r1). ${hint}
    [2]
    $ csrctl key open x25519.jwe --identity set.jwk
    csrctl: There is no key as PEM or JWK in set.jwk that can be read. ${hint}
    [2]
    $ csrctl key open x25519.jwe --identity password
    csrctl: There is no key as PEM or JWK in password that can be read. ${hint}
    [2]
    $ csrctl key open x25519.jwe --identity locked.key --password-file wrong
    csrctl: The password does not open locked.key. Give the password of that file; the file may also be damaged.
    [2]
    $ csrctl key open x25519.jwe --identity gone.key
    csrctl: The identity cannot be read from gone.key. There is no such file. Check its name and the folder that it should be in.
    [2]
    `)
})

test('a password comes from standard input where nothing else does', async () => {
  const args = ['key', 'open', 'x25519.jwe', '--identity', 'locked.key']
  expect(await runHere(args, { stdin: 'correct horse\n' })).toMatchObject({ shown: pem, code: 0 })
  const taken = ['key', 'open', '-', '--identity', 'locked.key']
  expect(await runHere(taken, { stdin: readFileSync('x25519.jwe') })).toMatchObject({
    shown:
      'csrctl: There is no password for locked.key. Give it in a file with --password-file, on standard input, or on a terminal.\n',
    code: 2,
  })
})

test('wrong usage says where to look', async () => {
  await shell(`
    $ csrctl key open x25519.jwe
    csrctl: required option '--identity <file>' not specified
    Run "csrctl key open --help" to see what it takes.
    [2]
    $ csrctl key open - --identity -
    csrctl: '-' is given twice, but standard input can be read once.
    Run "csrctl key open --help" to see what it takes.
    [2]
    $ csrctl key open x25519.jwe --identity x25519.key --force
    csrctl: '--force' replaces a file, but '--out' names none.
    Run "csrctl key open --help" to see what it takes.
    [2]
    $ csrctl key recipient - --password-file -
    csrctl: '-' is given twice, but standard input can be read once.
    Run "csrctl key recipient --help" to see what it takes.
    [2]
    `)
})

test.each(names)('the recipient of %s is its public JWK, from either half', async (name) => {
  const jwk = publicJwk(identities[name])
  const expected = {
    ...jwk,
    use: 'enc',
    alg: name === 'rsa' ? 'RSA-OAEP-256' : 'ECDH-ES',
    kid: await calculateJwkThumbprint(jwk),
  }
  for (const file of [`${name}.key`, `${name}.jwk`, `${name}.pub`]) {
    const { stdout, stderr, code } = await runHere(['key', 'recipient', file])
    expect({ jwk: JSON.parse(stdout), stderr, code }).toEqual({
      jwk: expected,
      stderr: '',
      code: 0,
    })
  }
})

test('the recipient of an encrypted identity needs its password, and a key that signs is none', async () => {
  const args = ['key', 'recipient', 'locked.key', '--password-file']
  const { stdout } = await runHere([...args, 'password'])
  expect(JSON.parse(stdout) as JsonWebKey).toMatchObject(publicJwk(identities.x25519))
  await shell(`
    $ csrctl key recipient locked.key --password-file wrong
    csrctl: The password does not open locked.key. Give the password of that file; the file may also be damaged.
    [2]
    $ csrctl key recipient edge.key
    csrctl: The key in edge.key is of a kind that no export is made for: ed25519. Give a key of RSA with 2048 bits or more, P-256 or X25519, as PEM or JWK.
    [2]
    `)
})

test('identities as OpenSSL writes them serve', async () => {
  const openssl = (...args: string[]) => execFileSync('openssl', args, { stdio: 'pipe' })
  openssl('genpkey', '-algorithm', 'X25519', '-out', 'made-x25519')
  openssl('ecparam', '-name', 'prime256v1', '-genkey', '-out', 'made-p256')
  openssl('genpkey', '-algorithm', 'RSA', '-pkeyopt', 'rsa_keygen_bits:2048', '-out', 'made-rsa')
  for (const kty of ['x25519', 'p256', 'rsa']) {
    const { stdout, code } = await runHere(['key', 'recipient', `made-${kty}`])
    expect({ code, kid: JSON.parse(stdout).kid }).toEqual({
      code: 0,
      kid: expect.stringMatching(/^[\w-]{43}$/),
    })
  }
})
