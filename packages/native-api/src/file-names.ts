/**
 * Names of the files of a batch, for the service's archives and for what its clients write: the same rows in the same order have the
 * same names everywhere.
 *
 * Rules: a name is the row's ref, or its path where it has none. Letters of ASCII, digits, `-`, `_` and dots stay; all else is written
 * as the `%` and two digits of its bytes, as is a dot or `-` at the beginning and the first letter of a device of Windows. So no ref
 * leads out of its folder, is hidden, or is taken for an option, and no two are the same text. Where file systems that do not tell
 * upper from lower case would take two for the same, the later one ends with `~` and its path, as does one that is cut for its
 * length: a tilde is in no other name.
 */
import { hash } from 'node:crypto'

type Row = { readonly path: string; readonly ref?: string | undefined }

/** Of the 255 bytes that file systems take: the rest is for extensions, and for what programs add to names of their own. */
const longest = 180
/** Windows has devices of these names, whatever comes after a dot. */
const device = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i
const harmless = /^[\w.-]$/
const hashBytes = 6

/** Gives each row of a batch a name without an extension; all rows in their order, each once. */
export class FileNames {
  readonly #taken = new NumberSet()

  nameOf({ path, ref }: Row): string {
    const name = encoded(ref || path)
    const end = `~${path}`
    if (name.length > longest) return `${name.slice(0, longest - end.length)}${end}`
    const folded = hash('sha256', name.toLowerCase(), 'buffer').readUIntBE(0, hashBytes)
    // Of a million names, one in 500 archives has a pair whose hashes are the same: then a name is longer than it has to be.
    return this.#taken.add(folded) ? name : `${name}${end}`
  }
}

function encoded(text: string): string {
  const isReserved = device.test(text) || /^[.-]/.test(text)
  return [...text]
    .map((character, at) => (isReserved && at === 0 ? percent(character) : escaped(character)))
    .join('')
}

const escaped = (character: string) => (harmless.test(character) ? character : percent(character))

const percent = (character: string) =>
  [...Buffer.from(character)]
    .map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`)
    .join('')

/** Numbers above 0 in 16 bytes each at most: a set of a million takes a fourth of what a Set does. */
class NumberSet {
  #slots = new Float64Array(1_024)
  #size = 0

  /** False where it is there already. */
  add(number: number): boolean {
    if (this.#size * 2 >= this.#slots.length) this.#grow()
    const at = slotOf(this.#slots, number)
    if (this.#slots[at] === number) return false
    this.#slots[at] = number
    this.#size += 1
    return true
  }

  #grow(): void {
    const slots = new Float64Array(this.#slots.length * 2)
    for (const number of this.#slots) if (number !== 0) slots[slotOf(slots, number)] = number
    this.#slots = slots
  }
}

/** Where a number is, or is to be. */
function slotOf(slots: Float64Array, number: number): number {
  let at = number % slots.length
  while (slots[at] !== 0 && slots[at] !== number) at = (at + 1) % slots.length
  return at
}
