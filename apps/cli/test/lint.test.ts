import { mkdir, writeFile } from 'node:fs/promises'
import { buildCsr, keyAlgorithms, profileNames, type Spec, toPem } from '@csr-foundry/csr'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { enterFolder, type Folder } from './folder.ts'
import { runHere } from './in-process.ts'
import { startCsrctl } from './start-csrctl.ts'

let folder: Folder
let clean: Buffer

beforeAll(async () => {
  folder = await enterFolder()
  clean = await csrOf([{ type: 'dns', value: 'edge-1.example.com' }])
  const unnamed = await csrOf([])
  await writeFile('clean.pem', toPem(clean))
  await writeFile('clean.der', clean)
  await writeFile('unnamed.pem', toPem(unnamed))
  await writeFile('forged.pem', toPem(forged(unnamed)))
  await writeFile('notes.txt', 'The CSR of edge-1 follows.\n')
  await writeFile('empty.pem', '')
  await writeFile('disk.img', Buffer.alloc(1024 * 1024 + 1))
  await mkdir('csrs')
})

afterAll(() => folder[Symbol.asyncDispose]())

const unnamedText =
  'warning common_name_not_in_san The CN "edge-1.example.com" is a host, but no subject alternative name is; clients look only there. [/subject/0/0/value]'
const forgedText = expect.stringMatching(/^error signature_invalid .+\. \[\/signature\]$/)

test('a CSR with nothing wrong prints nothing, as PEM and as DER', async () => {
  expect(await lint('clean.pem', 'clean.der')).toEqual({ lines: [], errors: [], code: 0 })
})

test('warnings are printed and are no failure', async () => {
  expect(await lint('unnamed.pem')).toEqual({
    lines: [`unnamed.pem: ${unnamedText}`],
    errors: [],
    code: 0,
  })
})

test('one error in one of several files is exit code 1', async () => {
  const { lines, ...rest } = await lint('clean.pem', 'forged.pem', 'unnamed.pem')
  expect(rest).toEqual({ errors: [], code: 1 })
  expect(lines.map((line) => line.split(': ')[0])).toEqual([
    'forged.pem',
    'forged.pem',
    'unnamed.pem',
  ])
  expect(lines[0]?.slice('forged.pem: '.length)).toEqual(forgedText)
  expect(lines[1]).toBe(`forged.pem: ${unnamedText}`)
})

test('a dash is standard input, where DER may come as well', async () => {
  const { stdout, ...rest } = await startCsrctl(['lint', '-'], { stdin: forged(clean) })
  expect(stdout).toMatch(/^-: error signature_invalid .+\n$/)
  expect(rest).toEqual({ stderr: '', code: 1 })
})

test('what cannot be read is named with what to do, and stops nothing', async () => {
  const given = ['gone.pem', 'csrs', 'notes.txt', 'empty.pem', 'disk.img', 'forged.pem']
  const { lines, errors, code } = await lint(...given)
  expect(errors).toEqual([
    'csrctl: gone.pem: There is no such file. Check its name and the folder that it should be in.',
    'csrctl: csrs: It is a folder. Name the files in it, as in folder/*.pem.',
    'csrctl: notes.txt: This is neither PEM nor DER. Give a CSR in PEM, labelled CERTIFICATE REQUEST, or in DER.',
    'csrctl: empty.pem: It is empty. Check what should have written it.',
    'csrctl: disk.img: It has more than 1 MiB, as no CSR has. Check that it is the file you mean.',
  ])
  expect(lines).toHaveLength(2)
  expect(code).toBe(2)
})

test('a profile adds its rules', async () => {
  const { lines, errors, code } = await lint('--profile', 'lxca', 'clean.pem')
  expect(lines).toContainEqual(expect.stringMatching(/^clean.pem: warning lxca_key .+ \[\/key\]$/))
  expect({ errors, code }).toEqual({ errors: [], code: 0 })
})

test('--json prints one array with an entry for each file, in their order', async () => {
  const given = ['clean.pem', 'unnamed.pem', 'notes.txt']
  const { stdout, code } = await runHere(['lint', '--json', ...given])
  expect(JSON.parse(stdout)).toEqual([
    { file: 'clean.pem', findings: [] },
    {
      file: 'unnamed.pem',
      findings: [
        {
          code: 'common_name_not_in_san',
          severity: 'warning',
          pointer: '/subject/0/0/value',
          message: expect.stringContaining('no subject alternative name is'),
          source: expect.stringContaining('RFC 9525 section 2'),
        },
      ],
    },
    {
      file: 'notes.txt',
      findings: [],
      error: {
        code: 'malformed_pem',
        message: 'This is neither PEM nor DER.',
        hint: 'Give a CSR in PEM, labelled CERTIFICATE REQUEST, or in DER.',
      },
    },
  ])
  expect(code).toBe(2)
})

test.each([
  ['no file', ['lint'], /^csrctl: missing required argument 'file'$/],
  ['no command', [], /^Usage: csrctl /],
  [
    'an unknown profile',
    ['lint', '--profile', 'nobody', 'clean.pem'],
    new RegExp(`'nobody' is invalid. The profiles are: ${profileNames.join(', ')}.$`),
  ],
  ['standard input twice', ['lint', '-', '-'], /^csrctl: '-' is given twice/],
])('%s is wrong usage, and it says what to do', async (_, args, reason) => {
  const { stdout, stderr, code } = await runHere(args)
  const [first = '', ...hint] = stderr.split('\n')
  expect(first).toMatch(reason)
  expect(hint.join('\n')).toMatch(/Run "csrctl lint --help"|Commands:/)
  expect({ stdout, code }).toEqual({ stdout: '', code: 2 })
})

test('neither a file’s name nor what is in it acts on the terminal', async () => {
  const name = '\u001b[2Jclean.pem\n\u202e\u009b'
  const label = 'CERTIFICATE REQUEST\u001b[31m'
  const pem = toPem(clean).replaceAll('CERTIFICATE REQUEST', label)
  await writeFile(name, pem)
  const text = await runHere(['lint', name, `${name}?`])
  const shown = '\\u{1b}[2Jclean.pem\\u{a}\\u{202e}\\u{9b}'
  expect(text.stdout).toMatch(/^[ -~]+\n$/)
  expect(text.stdout).toContain(`${shown}: error pem_label The PEM goes from BEGIN`)
  expect(text.stdout).toContain('REQUEST\\u{1b}[31m')
  expect(text.stderr).toContain(`csrctl: ${shown}?: There is no such file.`)

  const json = await runHere(['lint', '--json', name])
  expect(json.stdout).toMatch(/^[ -~\n]+$/)
  expect(JSON.parse(json.stdout)).toMatchObject([{ file: name }])
})

test('severities are in colour where the output takes it', async () => {
  const environment = { FORCE_COLOR: '1' }
  const { stdout } = await startCsrctl(['lint', 'unnamed.pem'], { environment })
  expect(stdout).toContain('unnamed.pem: \u001b[33mwarning\u001b[39m common_name_not_in_san')
})

test('it ends without a word when its reader leaves', async () => {
  const { stderr, code } = await startCsrctl(['lint', 'unnamed.pem', 'unnamed.pem'], {
    meanwhile: (child) => child.stdout.destroy(),
  })
  expect({ stderr, code }).toEqual({ stderr: '', code: 141 })
})

async function lint(...files: string[]) {
  const { stdout, stderr, code } = await runHere(['lint', ...files])
  return { lines: linesOf(stdout), errors: linesOf(stderr), code }
}

const linesOf = (text: string) => text.split('\n').slice(0, -1)

async function csrOf(subjectAltNames: Spec['subjectAltNames']): Promise<Buffer> {
  const { generate, sign } = keyAlgorithms['ecdsa-p256']
  const { spki, privateKey } = await generate()
  const spec: Spec = {
    subject: [[{ type: 'CN', value: 'edge-1.example.com' }]],
    subjectAltNames,
    key: { algorithm: 'ecdsa-p256', digest: 'sha256' },
    custody: 'internal',
  }
  return buildCsr(spec, spki, (toBeSigned) => sign(privateKey, 'sha256', toBeSigned))
}

/** The same with another signature, whose form is right. */
function forged(der: Buffer): Buffer {
  const copy = Buffer.from(der)
  copy.writeUInt8(copy.readUInt8(copy.length - 1) ^ 1, copy.length - 1)
  return copy
}
