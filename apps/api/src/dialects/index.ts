import type { Dialect } from './dialect.ts'
import { fastlyDialect } from './fastly/index.ts'
import { lxcaDialect } from './lxca/index.ts'
import { nativeDialect } from './native/index.ts'

/** The dialects. The last one owns every path that no other owns. */
export const dialects: readonly Dialect[] = [fastlyDialect, nativeDialect, lxcaDialect]

/** The dialect that a path belongs to. */
export const dialectOf = (path: string): Dialect =>
  dialects.find(({ owns }) => owns(path)) ?? lxcaDialect
