import type { ErrorCode, ServiceError } from '@csr-foundry/service'
import type { Hono } from 'hono'
import type { Env, Services } from '../services.ts'
import { lxcaDialect } from './lxca/index.ts'
import { failure as lxcaFailure, messageIds } from './lxca/messages.ts'

/** One API surface: its routes, which paths are its own, and the shape of its errors. */
export type Dialect = {
  readonly name: string
  readonly owns: (path: string) => boolean
  readonly routes: (services: Services) => Hono<Env>
  readonly failure: (error: ServiceError, requestId: string) => object
  /** What it calls each error in its answers, for the page that they link to. */
  readonly errorIds: Readonly<Record<ErrorCode, string>>
}

/** The dialects, the one that owns every path that no other owns last. */
export const dialects: readonly Dialect[] = [
  {
    name: 'lxca',
    owns: () => true,
    routes: lxcaDialect,
    failure: lxcaFailure,
    errorIds: messageIds,
  },
]
