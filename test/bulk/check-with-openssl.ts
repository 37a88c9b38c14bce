import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { mapConcurrently, runCommand } from '../conformance/readers/run-command.ts'
import { seededRandom } from '../fuzz/random.ts'

/** So many of a list as are asked for, drawn without putting back. */
export function drawn<Item>(items: readonly Item[], count: number, seed: number): Item[] {
  const random = seededRandom(seed)
  const left = [...items]
  const drawn: Item[] = []
  while (drawn.length < count && left.length > 0) {
    const at = random.below(left.length)
    const last = left.pop() as Item
    drawn.push(at === left.length ? last : (left.splice(at, 1, last)[0] as Item))
  }
  return drawn
}

/** Gives the files that `openssl req -verify` does not verify. OpenSSL 3 takes one CSR a process. */
export async function checkWithOpenssl(
  folder: string,
  files: readonly string[],
): Promise<readonly string[]> {
  const checked = await mapConcurrently(files, availableParallelism(), async (file) => {
    const args = ['req', '-verify', '-noout', '-in', join(folder, file)]
    const { exitCode, stdout, stderr } = await runCommand('openssl', args)
    // Its exit code is 0 for a wrong signature as well.
    const isVerified = exitCode === 0 && /verify OK/.test(`${stdout}${stderr}`)
    return isVerified ? [] : [file]
  })
  return checked.flat()
}
