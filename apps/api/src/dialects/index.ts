import type { Dialect } from './dialect.ts'
import { fastlyDialect } from './fastly/index.ts'
import { lxcaDialect } from './lxca/index.ts'
import { nativeDialect } from './native/index.ts'

/** The dialects, the one that owns every path that no other owns last. */
export const dialects: readonly [Dialect, ...Dialect[]] = [
  fastlyDialect,
  nativeDialect,
  lxcaDialect,
]

/** The dialect that a path belongs to. */
export const dialectOf = (path: string): Dialect =>
  dialects.find(({ owns }) => owns(path)) ?? dialects[0]
