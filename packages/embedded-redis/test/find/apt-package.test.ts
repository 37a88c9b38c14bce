import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { aptPackage } from '../../src/find/apt-package.ts'
import { temporaryFolder } from '../temporary-folder.ts'

/** apt's programs, which write down what they are asked; the server is named once `update` was. */
function fakeApt(updated: string, log: string): string {
  const folder = temporaryFolder()
  const program = (name: string, text: string) =>
    writeFileSync(join(folder, name), `#!/bin/sh\necho "${name} $4" >> ${log}\n${text}\n`, {
      mode: 0o755,
    })
  program('apt-get', `if [ "$4" = update ]; then touch ${updated}; fi`)
  program('apt-cache', `if [ -e ${updated} ]; then echo '  Candidate: 5:7.0.15-1'; fi`)
  return `${folder}:/usr/bin:/bin`
}

test.each([
  ['known to the system', true, ['apt-cache policy', 'apt-get install']],
  [
    'not in its lists, which are fetched anew',
    false,
    [
      ...Array<string>(2).fill('apt-cache policy'),
      'apt-get update',
      'apt-cache policy',
      'apt-get install',
    ],
  ],
])('a server that is %s', async (_, isListed, calls) => {
  const work = temporaryFolder()
  const [updated, log] = [join(work, 'updated'), join(work, 'log')]
  if (isListed) mkdirSync(updated)
  await aptPackage(work, join(work, 'root'), { PATH: fakeApt(updated, log) })
  expect(readFileSync(log, 'utf8').trim().split('\n')).toEqual(calls)
})

test('what no list names is told with what apt complained of', async () => {
  const work = temporaryFolder()
  const fetched = aptPackage(work, join(work, 'root'), {
    PATH: `${fakeApt('/nowhere/updated', join(work, 'log'))}`,
  })
  await expect(fetched).rejects.toThrow('the package sources have no redis-server')
})
