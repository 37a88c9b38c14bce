/**
 * The OpenAPI document, made from the routes of the application and what each says of itself; see ../operation.ts. Nothing is
 * described here that an endpoint, a dialect or a table of errors and headers does not say.
 */
import type { RouterRoute } from 'hono/types'
import type { z } from 'zod'
import manifest from '../../package.json' with { type: 'json' }
import { isSafe } from '../authentication/safe-methods.ts'
import type { Dialect } from '../dialects/dialect.ts'
import { dialectOf, dialects } from '../dialects/index.ts'
import { nativeDialect } from '../dialects/native/index.ts'
import { type Answer, type Content, type DocumentedOperation, operationOf } from '../operation.ts'
import { ErrorResponses, errorsOf, headerLinks } from './errors.ts'
import { type AnswerHeader, answerHeaders, requestHeaders } from './headers.ts'
import { JsonSchemas } from './json-schemas.ts'
import { securityOf, securitySchemes } from './security.ts'

export type OpenApiDocument = ReturnType<typeof openApiDocument>

type PathItem = Record<string, object>

export function openApiDocument(
  routes: readonly Pick<RouterRoute, 'method' | 'path' | 'handler'>[],
) {
  const schemas = new JsonSchemas()
  const errors = new ErrorResponses(schemas)
  const paths: Record<string, PathItem> = {}
  for (const { method, path, handler } of routes) {
    const operation = operationOf(handler)
    if (!operation) continue
    const name = path.replaceAll(/:(\w+)/g, '{$1}')
    const item = paths[name] ?? {}
    paths[name] = item
    item[method.toLowerCase()] = operationObject({ method, path, operation }, schemas, errors)
  }
  return {
    openapi: '3.1.1',
    info: {
      title: 'csr-foundry',
      version: manifest.version,
      description: about,
      license: { name: 'MIT', identifier: manifest.license },
    },
    servers: [{ url: '/' }],
    tags: nativeFirst.map(({ name, about: description }) => ({ name, description })),
    paths,
    components: {
      securitySchemes,
      schemas: schemas.components,
      headers: answerHeaders,
      responses: errors.responses,
      examples: errors.examples,
    },
  }
}

const about = `Key pairs and certificate signing requests in bulk. One service, three dialects: its own, and those of two products whose clients work with it as they are.

A call says who is calling by HTTP Basic, by a token, or in LXCA's dialect by a session. What each error means, and what to do: [/docs/errors](/docs/errors). HEAD is answered wherever GET is. A call may name itself in the header \`X-Request-Id\`.`

/** As they are read. */
const nativeFirst = [nativeDialect, ...dialects.filter((one) => one !== nativeDialect)]

type Endpoint = {
  readonly method: string
  readonly path: string
  readonly operation: DocumentedOperation
}

function operationObject(endpoint: Endpoint, schemas: JsonSchemas, errors: ErrorResponses) {
  const { method, path, operation } = endpoint
  const dialect = dialectOf(path)
  const { name, summary, answers, body } = operation
  const common = headersOfAll(endpoint, dialect)
  const own = Object.entries(answers).map(([status, { headers = [], ...answer }]) => [
    status,
    responseObject({ ...answer, headers: [...headers, ...common] }, schemas),
  ])
  return {
    operationId: operationId(dialect, name),
    tags: [dialect.name],
    summary,
    description: descriptionOf(operation),
    security: securityOf(operation, dialect, method),
    parameters: parametersOf(path, operation, schemas),
    ...(body && {
      requestBody: { required: true, content: contentObject(body.contents, schemas) },
    }),
    responses: {
      ...Object.fromEntries(own),
      ...errors.of(dialect, errorsOf(operation, method, dialect), operation, common),
    },
  }
}

/** Headers of every answer of an operation, errors included. */
function headersOfAll({ method, operation }: Endpoint, dialect: Dialect): AnswerHeader[] {
  const { open = false, headers = [] } = operation
  return [
    ...(open || isSafe(method) ? [] : (dialect.writeHeaders ?? usualLimits)),
    ...(headers.some((one) => one.startsWith('Prefer')) ? (['Preference-Applied'] as const) : []),
  ]
}

const usualLimits = ['RateLimit', 'RateLimit-Policy'] as const

const descriptionOf = ({ summary, description = `${summary}.`, role }: DocumentedOperation) =>
  role === undefined ? description : `${description}\n\nNeeds the role \`${role}\`.`

/** The native API's operations have the names of their files; those of others are told apart by the dialect's. */
const operationId = ({ name: dialect }: Dialect, name: string) =>
  dialect === 'native' ? name : `${dialect}${name.charAt(0).toUpperCase()}${name.slice(1)}`

function responseObject({ description, headers = [], body }: Answer, schemas: JsonSchemas) {
  return {
    description,
    headers: headerLinks(headers),
    ...(body && { content: contentObject([body].flat(), schemas) }),
  }
}

const contentObject = (contents: readonly Content[], schemas: JsonSchemas) =>
  Object.fromEntries(
    contents.map(({ mediaType, schema, examples }) => [
      mediaType,
      { schema: schemas.of(schema), ...exampleObjects(examples) },
    ]),
  )

function exampleObjects(examples: Content['examples']) {
  const objects = Object.entries(examples).map(([summary, value]) => [
    kebab(summary),
    { summary, value },
  ])
  return objects.length === 0 ? {} : { examples: Object.fromEntries(objects) }
}

const kebab = (words: string) => words.toLowerCase().replaceAll(/[^a-z\d]+/g, '-')

function parametersOf(path: string, operation: DocumentedOperation, schemas: JsonSchemas) {
  const { params, query, headers = [] } = operation
  const inPath = [...path.matchAll(/:(\w+)/g)].map(([, name = '']) => name)
  const ofPath = params ? fieldsOf(params, schemas) : {}
  const ofQuery = query && query !== 'any' ? fieldsOf(query, schemas) : {}
  return [
    ...inPath.map((name) => ({
      ...{ name, in: 'path', required: true },
      schema: ofPath[name]?.schema ?? anyId,
    })),
    ...Object.entries(ofQuery).map(([name, field]) => ({ name, in: 'query', ...field })),
    ...headers.map((header) => ({ in: 'header', ...requestHeaders[header] })),
  ]
}

/** To some clients an id is any text. */
const anyId = { type: 'string', examples: ['1'] }

function fieldsOf(schema: z.ZodType, schemas: JsonSchemas) {
  const { properties = {}, required = [] } = schemas.of(schema)
  return Object.fromEntries(
    Object.entries(properties).map(([name, field]) => [
      name,
      { required: required.includes(name), schema: field },
    ]),
  )
}
