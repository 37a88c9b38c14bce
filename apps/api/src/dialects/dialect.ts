import type { ErrorCode, ServiceError } from '@csr-foundry/service'
import type { Hono } from 'hono'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import type { z } from 'zod'
import type { Shortcut } from '../http/shortcut.ts'
import type { AnswerHeader } from '../openapi/headers.ts'
import type { Env, Services } from '../services.ts'

/** An error as a dialect writes it; `status` where it is not the one of the table of errors. */
export type Failure = (
  error: ServiceError,
  requestId: string,
) => { body: object; contentType: string; status?: ContentfulStatusCode }

/** One API surface: its routes, which paths are its own, and the shape of its errors. */
export type Dialect = {
  readonly name: string
  readonly owns: (path: string) => boolean
  readonly routes: (services: Services) => Hono<Env>
  readonly failure: Failure
  /** The bodies of its errors, by media type. */
  readonly errorViews: Readonly<Record<string, z.ZodType>>
  /** Whether sessions in LXCA's cookies count. */
  readonly cookies?: boolean
  /** What every answer to a call that changes something has. */
  readonly writeHeaders?: readonly AnswerHeader[]
  /** What it is, in a sentence. */
  readonly about: string
  /** Where it tells of ready requests, for the calls that are made most often. */
  readonly shortcuts?: readonly Shortcut[]
  /** What it calls an error in its answers, where that is not our code: for the page that they link to. */
  readonly errorIds?: Readonly<Partial<Record<ErrorCode, string>>>
}
