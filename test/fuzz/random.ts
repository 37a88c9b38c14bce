/** Numbers that a seed decides, and what is drawn with them. */
export type Random = {
  below: (limit: number) => number
  pick: <T>(from: readonly T[]) => T
  bytes: (length: number) => Buffer
  chance: (of: number) => boolean
}

/** A small generator of numbers that a seed decides (mulberry32, public domain, Tommy Ettinger). */
export function seededRandom(seed: number): Random {
  let state = seed | 0
  const next = () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const below = (limit: number) => Math.floor(next() * limit)
  return {
    below,
    pick: (from) => from[below(from.length)] as (typeof from)[number],
    bytes: (length) => Buffer.from(Array.from({ length }, () => below(256))),
    chance: (of) => next() * of < 1,
  }
}
