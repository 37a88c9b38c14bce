/** Which errors an operation can give, and how they look in its dialect. */
import { type ErrorCode, errorKinds, ServiceError } from '@csr-foundry/service'
import { isSafe } from '../authentication/safe-methods.ts'
import type { Dialect } from '../dialects/dialect.ts'
import { dialects } from '../dialects/index.ts'
import type { DocumentedOperation } from '../operation.ts'
import type { AnswerHeader } from './headers.ts'
import type { JsonSchemas } from './json-schemas.ts'

/** What any call can be told, whatever it asks for: it is the `default` of every operation. */
const anywhere: readonly ErrorCode[] = [
  ...(['request_malformed', 'request_timeout', 'headers_too_large'] as const),
  ...(['resource_unknown', 'operation_not_supported', 'body_too_large', 'internal'] as const),
]

const ofBodies: readonly ErrorCode[] = [
  ...(['body_malformed', 'content_type_unsupported', 'content_encoding_unsupported'] as const),
  ...(['attribute_invalid', 'body_too_large'] as const),
]

/** What its guards, its input and it itself say of an operation. */
export function errorsOf(operation: DocumentedOperation, method: string, dialect: Dialect) {
  const { query, body, errors = [] } = operation
  return new Set<ErrorCode>([
    ...(['request_malformed', 'internal'] as const),
    ...(query === 'any' ? [] : (['parameter_invalid', 'unavailable'] as const)),
    ...ofCallers(operation, isSafe(method), dialect),
    ...(isSafe(method) ? [] : (['origin_refused', 'storage_full'] as const)),
    ...(body ? ofBodies : []),
    ...errors,
  ])
}

function ofCallers(
  { open, role }: DocumentedOperation,
  isReading: boolean,
  { cookies }: Dialect,
): ErrorCode[] {
  if (open) return []
  return [
    ...(['credentials_invalid', 'login_throttled'] as const),
    ...(role ? (['role_missing'] as const) : []),
    isReading ? 'reads_throttled' : 'writes_throttled',
    ...(cookies && !isReading ? (['csrf_token_missing'] as const) : []),
  ]
}

type Shown = { readonly status: number; readonly mediaType: string; readonly name: string }

/** Errors as responses of an operation, by status, with an example for each code. */
export class ErrorResponses {
  readonly #schemas: JsonSchemas
  readonly examples: Record<string, object> = {}
  readonly responses: Record<string, object> = {}

  constructor(schemas: JsonSchemas) {
    this.#schemas = schemas
    for (const dialect of dialects) {
      const description = 'Any other error.'
      const shown = anywhere.map((code) => this.#show(dialect, code))
      this.responses[nameOf(dialect)] = this.#response(dialect, description, shown, ['Allow'])
    }
  }

  /** The errors that are an operation's own. */
  of(
    dialect: Dialect,
    codes: ReadonlySet<ErrorCode>,
    { faults = [] }: DocumentedOperation,
    headers: readonly AnswerHeader[],
  ) {
    const shown = [
      ...[...codes].map((code) => this.#show(dialect, code)),
      ...faults.map((fault) => this.#show(dialect, 'attribute_invalid', fault)),
    ]
    const byStatus = Map.groupBy(shown, ({ status }) => status)
    const own = [...byStatus]
      .toSorted(([one], [other]) => one - other)
      .map(([status, its]) => [
        status,
        this.#response(dialect, descriptionOf(its), its, [...headersOf(status), ...headers]),
      ])
    return {
      ...Object.fromEntries(own),
      default: { $ref: `#/components/responses/${nameOf(dialect)}` },
    }
  }

  #response(
    { errorViews }: Dialect,
    description: string,
    shown: readonly Shown[],
    headers: readonly AnswerHeader[],
  ) {
    const contents = [...Map.groupBy(shown, ({ mediaType }) => mediaType)].map(
      ([mediaType, its]) => {
        const view = errorViews[mediaType]
        const examples = its.map(({ name }) => [
          name.slice(name.indexOf('.') + 1),
          { $ref: `#/components/examples/${name}` },
        ])
        return [
          mediaType,
          { schema: view && this.#schemas.of(view), examples: Object.fromEntries(examples) },
        ]
      },
    )
    return { description, headers: headerLinks(headers), content: Object.fromEntries(contents) }
  }

  #show(
    dialect: Dialect,
    code: ErrorCode,
    fault?: NonNullable<DocumentedOperation['faults']>[number],
  ): Shown {
    const error = new ServiceError(code, exampleOptions(code, fault))
    const {
      body,
      contentType,
      status = errorKinds[code].status,
    } = dialect.failure(error, requestId)
    const name = `${dialect.name}.${fault ?? code}`
    this.examples[name] = { summary: errorKinds[code].title, value: body }
    return { status, mediaType: contentType, name }
  }
}

/** All headers are components. */
export const headerLinks = (names: readonly AnswerHeader[]) =>
  Object.fromEntries(
    [...names, 'X-Request-Id'].map((name) => [name, { $ref: `#/components/headers/${name}` }]),
  )

const nameOf = ({ name }: Dialect) => `${name}.error`

const descriptionOf = (shown: readonly Shown[]) =>
  shown.map(({ name }) => `\`${name.slice(name.indexOf('.') + 1)}\``).join(', ')

function headersOf(status: number): readonly AnswerHeader[] {
  if (status === 401) return ['WWW-Authenticate']
  return status === 429 || status === 503 || status === 409 ? ['Retry-After'] : []
}

const requestId = '1e0b7f1c-6d3e-4f5a-9b7e-2c4d6e8f0a1b'

function exampleOptions(
  code: ErrorCode,
  fault?: string,
): ConstructorParameters<typeof ServiceError>[1] {
  if (code === 'parameter_invalid') {
    return { faults: [{ pointer: '/limit', detail: 'is not known here; leave it out' }] }
  }
  if (code !== 'attribute_invalid') return {}
  const [pointer, detail] = exampleFaults[fault ?? ''] ?? ['/name', 'must be a string']
  return { faults: [{ pointer, detail, ...(fault && { code: fault as never }) }] }
}
const exampleFaults: Readonly<Record<string, [pointer: string, detail: string]>> = {
  attribute_unknown: ['/data/attributes/nam', 'is not known here; leave it out'],
  sans_required: ['/data/attributes', 'has no sans; host names are needed'],
  key_type_not_allowed: ['/data/attributes/key_type', 'is not allowed; RSA2048 is'],
  key_and_key_type: ['/data/attributes/key_type', 'and tls_private_key are both there'],
}
