/** Holds answers of the service to the OpenAPI document. */
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import { document, lookUp, type Operation, type Response, resolve } from './document.ts'

export type Answer = {
  readonly method: string
  /** Path and query. */
  readonly target: string
  readonly status: number
  readonly headers: Headers
  readonly body: string
}

const ajv = new Ajv2020({ strict: false, allErrors: true })
addFormats.default(ajv)
ajv.addSchema({ $id: 'document', ...closed(document) })

const validators = new Map<string, ValidateFunction>()

/** What an answer has that the document does not tell of, and the other way round; nothing where they agree. */
export function faultsOf(answer: Answer): string[] {
  // It tells the methods of a path; the document has those.
  if (answer.method === 'OPTIONS') return []
  const place = placeOf(answer)
  if (!place) return [`the document has no answer ${answer.status} for it`]
  const { response, pointer } = place
  return [...faultsOfHeaders(answer, response), ...faultsOfBody(answer, response, pointer)]
}

/** What is wrong with an example, or with any value that a schema of the document is for. */
export function faultsOfValue(pointer: string, value: unknown): string[] {
  const validate = validatorAt(pointer)
  if (validate(value)) return []
  return (validate.errors ?? []).map(
    ({ instancePath, message, params }) => `${instancePath} ${message} ${JSON.stringify(params)}`,
  )
}

/** To compile the same component at every place that names it would take seconds. */
function validatorAt(pointer: string): ValidateFunction {
  const schema = lookUp(pointer) as { $ref?: string }
  const place = schema.$ref?.slice(1) ?? pointer
  const validate = validators.get(place) ?? ajv.compile({ $ref: `document#${place}` })
  validators.set(place, validate)
  return validate
}

/** The pointer (RFC 6901) of these parts. */
export const pointerOf = (...parts: readonly string[]) =>
  parts.map((part) => `/${part.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')

type Place = { readonly response: Response; readonly pointer: string }

/** Where the document tells of an answer: under its status, or among what any call can be told. */
function placeOf({ method, target, status }: Answer): Place | undefined {
  const path = pathOf(target)
  const operation = path && methodOf(path, method)
  if (!path || !operation) return defaultOf(target)
  const found = operation.responses[status]
  if (!found) return status < 400 ? undefined : defaultOf(target)
  const pointer = pointerOf('paths', path, methodName(method), 'responses', String(status))
  return { response: resolve(found), pointer }
}

/** HEAD is answered as GET, without the body. */
const methodName = (method: string) => (method === 'HEAD' ? 'get' : method.toLowerCase())

const methodOf = (path: string, method: string): Operation | undefined =>
  document.paths[path]?.[methodName(method)]

/** A path without parameters goes before one with some. */
function pathOf(target: string): string | undefined {
  const [path = ''] = target.split('?')
  return Object.keys(document.paths)
    .filter((template) => matcherOf(template).test(path))
    .toSorted((one, other) => one.split('{').length - other.split('{').length)[0]
}

const matcherOf = (template: string) =>
  new RegExp(`^${template.replaceAll('.', '\\.').replaceAll(/\{\w+\}/g, '[^/]+')}$`)

function defaultOf(target: string): Place | undefined {
  const name = `${dialectOf(target)}.error`
  const response = document.components.responses[name]
  return response && { response, pointer: pointerOf('components', 'responses', name) }
}

function dialectOf(target: string): string {
  if (/^\/tls(\/|\?|$)/.test(target)) return 'fastly'
  return /^\/(v1|docs|healthz|readyz|metrics|openapi\.json)(\/|\?|$)/.test(target)
    ? 'native'
    : 'lxca'
}

const tellsLimits = /^(RateLimit|RateLimit-Policy|Fastly-RateLimit-.*)$/

function faultsOfHeaders({ headers }: Answer, { headers: documented = {} }: Response): string[] {
  const all = Object.entries(document.components.headers)
  const [told, untold] = [
    all.filter(([name]) => name in documented),
    all.filter(([name]) => !(name in documented)),
  ]
  return [
    ...told
      .filter(([name, { required }]) => required && !headers.has(name))
      .map(([name]) => `${name} is missing`),
    ...told
      .filter(
        ([name, { schema }]) =>
          schema.type === 'integer' && !/^\d+$/.test(headers.get(name) ?? '0'),
      )
      .map(([name]) => `${name} is no whole number`),
    ...untold
      .filter(([name]) => headers.has(name) && !tellsLimits.test(name))
      .map(([name]) => `${name} is not documented`),
  ]
}

const ndjson = 'application/x-ndjson'

/** NDJSON is none: it is lines, of which there may be none yet. */
export const isJson = (mediaType: string) => /^application\/(.+\+)?json$/.test(mediaType)

function faultsOfBody(
  { method, headers, body }: Answer,
  { content = {} }: Response,
  pointer: string,
): string[] {
  if (method === 'HEAD') return []
  const mediaType = (headers.get('content-type') ?? '').replace(/;.*/, '')
  if (body === '') {
    const isMissing = Object.keys(content).length > 0 && mediaType !== ndjson
    return isMissing ? ['the body is missing'] : []
  }
  const documented = content[mediaType]
  if (!documented) return [`its media type ${mediaType} is not documented`]
  if (mediaType === ndjson) return faultsOfLines(body, pointer)
  const value = isJson(mediaType) ? JSON.parse(body) : body
  const unknown = unknownCodes(value, Object.values(documented.examples ?? {}).map(resolve))
  return [
    ...faultsOfValue(pointer + pointerOf('content', mediaType, 'schema'), value),
    ...unknown.map((code) => `the error ${code} is not documented`),
  ]
}

/** Of thousands of lines the first say what the others are like. */
const linesChecked = 100

function faultsOfLines(body: string, pointer: string): string[] {
  const lines = body.trimEnd().split('\n').slice(0, linesChecked)
  const schema = pointer + pointerOf('content', ndjson, 'schema')
  return lines.flatMap((line) => faultsOfValue(schema, JSON.parse(line)))
}

/** Every error that can be told has its example. */
function unknownCodes(value: unknown, examples: readonly { value?: unknown }[]): string[] {
  const known = new Set(examples.flatMap((example) => codesOf(example.value)))
  return known.size === 0 ? [] : codesOf(value).filter((code) => !known.has(code))
}

type Told = {
  readonly code?: string
  readonly status?: unknown
  readonly result?: string
  readonly errors?: readonly { readonly code?: string }[]
  readonly messages?: readonly { readonly id: string }[]
}

/** The codes of an error, in the shape of whatever dialect; none of what is no error. */
function codesOf(value: unknown): string[] {
  const { code, result, errors = [], messages = [] } = Object(value) as Told
  if (code !== undefined) return [code]
  if (result === 'failure') return messages.map(({ id }) => id)
  return errors.flatMap((error) => error.code ?? [])
}

/**
 * The document with all objects closed: a client has to take an answer that has more than it knows of, but here it is to be
 * documented.
 */
function closed<Value>(value: Value): Value {
  if (Array.isArray(value)) return value.map(closed) as Value
  if (typeof value !== 'object' || value === null) return value
  const inside = Object.fromEntries(Object.entries(value).map(([name, one]) => [name, closed(one)]))
  const isOpen =
    inside.type === 'object' && 'properties' in inside && !('additionalProperties' in inside)
  return (isOpen ? { ...inside, additionalProperties: false } : inside) as Value
}
