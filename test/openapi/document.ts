/** The OpenAPI document as the application gives it, and the routes that it is made from. */
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'

export type Header = { readonly required?: boolean; readonly schema: { readonly type: string } }
export type Link = { readonly $ref: string }
export type Example = { readonly summary?: string; readonly value: unknown }
export type MediaType = {
  readonly schema: object
  readonly examples?: Readonly<Record<string, Example | Link>>
}
export type Content = Readonly<Record<string, MediaType>>
export type Response = {
  readonly description: string
  readonly headers?: Readonly<Record<string, Link>>
  readonly content?: Content
}
export type Parameter = {
  readonly name: string
  readonly in: 'path' | 'query' | 'header'
  readonly required?: boolean
  readonly example?: string
  readonly schema: { readonly examples?: readonly string[] }
}
export type Operation = {
  readonly operationId: string
  readonly tags: readonly string[]
  readonly security: readonly Readonly<Record<string, readonly string[]>>[]
  readonly parameters: readonly Parameter[]
  readonly requestBody?: { readonly content: Content }
  readonly responses: Readonly<Record<string, Response | Link>>
}
export type Document = {
  readonly openapi: string
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
  readonly components: {
    readonly headers: Readonly<Record<string, Header>>
    readonly examples: Readonly<Record<string, Example>>
    readonly responses: Readonly<Record<string, Response>>
  }
}

// Node itself loads the application in a third of the time that the test runner needs for it. That is seconds all the same, and
// comes with the first answer that is watched: the test that has it goes on meanwhile, with its connections and deadlines.
const program = join(import.meta.dirname, 'print-document.ts')
const { stdout } = await promisify(execFile)(process.execPath, [program], { maxBuffer: 2 ** 25 })
const printed: { routes: string[]; document: Document } = JSON.parse(stdout)

/** Every call that the application answers, as it mounts it; what stands before several of them is none. */
export const routes: readonly string[] = printed.routes

export const document: Document = printed.document

/** Every operation, with its path and method. */
export const operations = Object.entries(document.paths).flatMap(([path, item]) =>
  Object.entries(item).map(([method, operation]) => ({
    ...{ path, method: method.toUpperCase(), operation },
  })),
)

/** What stands at a place, or where that only points. */
export const resolve = <Found extends object>(place: Found | Link): Found =>
  '$ref' in place ? (lookUp(place.$ref.slice(1)) as Found) : place

/** What stands where a pointer (RFC 6901) points. */
export function lookUp(pointer: string): unknown {
  const parts = pointer
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
  const found = parts.reduce<unknown>((inside, part) => Object(inside)[part], document)
  if (found === undefined) throw new Error(`The document has no ${pointer}.`)
  return found
}
