import type { BatchRecord } from '@csr-foundry/records'

const suffix = '.csr.pem'
/** Of a name of 255 bytes, which is what file systems take. */
const longestName = 255 - suffix.length
/** Windows has devices of these names, whatever comes after a dot. */
const device = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i
const harmless = /^[\w-]$/

type Named = { readonly path: string; readonly ref?: string | undefined }

/**
 * The name of a CSR's file: its ref where it has one, else its path. No ref leads out of the folder or is a device, and no two
 * rows of a batch have the same name: what is not a letter, a digit, `-`, `_` or a dot inside is written as the `%` and two digits of its bytes.
 */
export function fileNameOf(
  { path, ref }: Named,
  { firstPath = '0', lastPath = '0' }: Pick<BatchRecord, 'firstPath' | 'lastPath'>,
): string {
  if (ref === undefined) return `${path}${suffix}`
  // As the path of another row would be.
  const isLikePath =
    /^[1-9]\d*$/.test(ref) && Number(ref) >= Number(firstPath) && Number(ref) <= Number(lastPath)
  const isReserved = isLikePath || device.test(ref) || /^[.-]/.test(ref)
  const name = [...ref].map((character, at) => encoded(character, isReserved && at === 0)).join('')
  if (name.length <= longestName) return `${name}${suffix}`
  // A tilde is in no other name.
  const end = `~${path}`
  return `${name.slice(0, longestName - end.length)}${end}${suffix}`
}

function encoded(character: string, always: boolean): string {
  if (!always && (harmless.test(character) || character === '.')) return character
  const bytes = [...Buffer.from(character)]
  return bytes.map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`).join('')
}
