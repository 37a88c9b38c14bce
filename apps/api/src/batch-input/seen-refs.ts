import { hash, randomBytes } from 'node:crypto'

const firstSlots = 1024
const wordsOfHash = 3
const wordsOfSlot = wordsOfHash + 1

/**
 * The refs of a batch, each with the line it is on: 16 bytes a ref where the texts would take a hundred and more, 32 MiB for
 * a million. Refs are the same if 96 bits of their SHA-256 are; with a salt nobody can choose where they fall.
 */
export class SeenRefs {
  readonly #salt = randomBytes(16).toString('latin1')
  #slots = new Uint32Array(firstSlots * wordsOfSlot)
  #count = 0

  /** The line on which a ref was before; if on none, it is on this one from now on. Lines are counted from 1. */
  lineOf(ref: string, line: number): number | undefined {
    const key = hash('sha256', this.#salt + ref, 'buffer')
    const words = [key.readUInt32LE(0), key.readUInt32LE(4), key.readUInt32LE(8)]
    const slot = slotOf(this.#slots, words)
    const before = this.#slots[slot + wordsOfHash]
    if (before) return before
    this.#slots.set([...words, line], slot)
    this.#count += 1
    if (this.#count * wordsOfSlot * 2 > this.#slots.length) this.#grow()
    return undefined
  }

  #grow(): void {
    const slots = new Uint32Array(this.#slots.length * 2)
    for (let at = 0; at < this.#slots.length; at += wordsOfSlot) {
      const entry = this.#slots.subarray(at, at + wordsOfSlot)
      if (entry[wordsOfHash]) slots.set(entry, slotOf(slots, entry))
    }
    this.#slots = slots
  }
}

/** Where a hash is, or the free slot for it. There always is one: the table is half empty. */
function slotOf(slots: Uint32Array, words: ArrayLike<number>): number {
  const count = slots.length / wordsOfSlot
  let slot = (words[0] ?? 0) % count
  for (;;) {
    const at = slot * wordsOfSlot
    const isFree = slots[at + wordsOfHash] === 0
    const isSame =
      slots[at] === words[0] && slots[at + 1] === words[1] && slots[at + 2] === words[2]
    if (isFree || isSame) return at
    slot = (slot + 1) % count
  }
}
