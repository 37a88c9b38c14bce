import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { expect, test, vi } from 'vitest'
import { readFleet } from '../src/fleet.ts'
import { startDemo } from './run-demo-program.ts'

const examples = resolve(import.meta.dirname, '../../../examples')
const exampleFleet = join(examples, 'fleet.json')

/** Of the thousand: each is a process of OpenSSL's. */
const deviceCount = 30
/** Dozens of times `openssl`, beside whatever else the machine does (ms). */
const longest = 120_000

test(
  'a fleet becomes verified CSR files and a table, and nothing is left running',
  async () => {
    const lines = (await readFile(join(examples, 'fleet.csv'), 'utf8')).split('\n')
    await using devices = await fileOf(lines.slice(0, deviceCount + 1).join('\n'), 'fleet.csv')
    await using demo = await startDemo(exampleFleet, devices.path)
    const code = await demo.exited
    expect(demo.stderr()).toBe('')
    expect(code).toBe(0)

    const fleet = JSON.parse(await readFile(exampleFleet, 'utf8')) as Record<string, object>
    const names = Object.keys(fleet)
    const files = (await readdir(join(demo.cwd, 'out'))).filter((name) => name !== 'fleet')
    expect(files.sort()).toEqual(names.map((name) => `${name}.csr.pem`).sort())
    for (const file of files) {
      const pem = await readFile(join(demo.cwd, 'out', file), 'utf8')
      expect(pem).toMatch(/^-----BEGIN CERTIFICATE REQUEST-----\n/)
    }

    const rows = demo.stdout().match(/^│ +\d+ │.*RSA 2048.*│ +[\d.]+ m?s │ +[\d.]+ m?s │$/gm)
    expect(rows).toHaveLength(names.length)
    expect(
      Math.max(
        ...demo
          .stdout()
          .split('\n')
          .map((line) => line.length),
      ),
    ).toBeLessThanOrEqual(120)
    expect(demo.stdout()).toContain(`${names.length} CSRs made in`)
    expect((await readdir(join(demo.cwd, 'out/fleet'))).length).toBe(deviceCount + 1)
    expect(demo.stdout()).toMatch(
      new RegExp(`${deviceCount} CSRs from one file in [\\d.]+ m?s, \\d+ a second`),
    )
    expect(demo.stdout()).not.toContain('\u001b')
    expect(await demo.running()).toEqual([])
    expect(await demo.leftovers()).toEqual([])
  },
  longest,
)

test('a signal stops all of it, and its data is gone', async () => {
  await using demo = await startDemo()
  await vi.waitFor(() => expect(demo.stdout()).toContain('Starting the service'), 30_000)
  await vi.waitFor(async () => expect((await demo.running()).length).toBeGreaterThan(4), {
    timeout: 30_000,
    interval: 200,
  })
  demo.process.kill('SIGINT')
  expect(await demo.exited).toBe(130)
  expect(demo.stderr()).toContain('everything is stopped')
  expect(await demo.running()).toEqual([])
  expect(await demo.leftovers()).toEqual([])
})

test('what the service refuses fails the demo, with the service’s reason', async () => {
  await using fleet = await fileOf(JSON.stringify({ 'rack-1': { Country: 'Germany' } }))
  await using demo = await startDemo(fleet.path)
  expect(await demo.exited).toBe(1)
  expect(demo.stderr()).toMatch(/The request of rack-1 was not accepted: .*400: Country /)
  expect(demo.stderr()).toContain("The end of the service's log:")
  expect(await demo.running()).toEqual([])
  expect(await demo.leftovers()).toEqual([])
})

test('a fleet file that is not usable fails the demo before anything starts', async () => {
  await using fleet = await fileOf('{"../rack": {}}')
  await using demo = await startDemo(fleet.path)
  expect(await demo.exited).toBe(1)
  expect(demo.stderr()).toContain(`The fleet file ${fleet.path} `)
  expect(demo.stdout()).toBe('')
})

test.each([
  ['is cut off', '{"rack-1": {"CommonName": ', 'is not well-formed JSON'],
  ['has no servers', '{}', 'must have 1 to 250 servers'],
  ['has a name that is no file name', '{"../rack": {}}', '../rack: must be 1 to 100 lower-case'],
  ['has a common name that is no text', '{"rack-1": {"CommonName": 7}}', 'rack-1.CommonName: '],
])('a fleet file that %s is told what is wrong', async (_, text, reason) => {
  await using fleet = await fileOf(text)
  await expect(readFleet(fleet.path)).rejects.toThrow(reason)
})

async function fileOf(
  text: string,
  name = 'fleet.json',
): Promise<AsyncDisposable & { readonly path: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'csr-foundry-demo-file-'))
  const path = join(folder, name)
  await writeFile(path, text)
  return { path, [Symbol.asyncDispose]: () => rm(folder, { recursive: true }) }
}
