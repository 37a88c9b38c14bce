/** Every example of a call that the OpenAPI document has, sent to the service as it is. */
import { beforeAll, expect, test } from 'vitest'
import { authorization, basic } from '../e2e/start-service.ts'
import { faultsOf, isJson } from '../openapi/answer-checker.ts'
import { document, type Operation, operations, resolve } from '../openapi/document.ts'
import { thingsFor } from './callers.ts'
import type { Endpoint } from './endpoint.ts'
import { aboutOneself } from './endpoints/about-oneself.ts'
import { endpoints } from './endpoints.ts'
import { redis, service } from './served.ts'

// What the examples speak of: the request 1 and its key 1, which is exportable.
beforeAll(() => post('/v1/requests'))

type Call = {
  readonly method: string
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
}

test.each(operations)('$method $path', async ({ path, method, operation }) => {
  const needsMira = ['changeOwnPassword', 'lxcaCreateSession'].includes(operation.operationId)
  for (const example of examplesOf(operation)) {
    const caller = needsMira ? await makeMira() : { authorization }
    const headers = { ...caller, ...example.headers }
    const answer = await send({ ...example, method, headers, path: await pathOf(path, method) })
    const shown = `${answer.target} ${answer.body.slice(0, 1_000)}`
    expect(faultsOf(answer), shown).toEqual([])
    expect(answer.status, shown).toBeLessThan(400)
    // The next example may make the same.
    const made = needsMira ? '/v1/accounts/users/mira' : answer.headers.get('location')
    if (made !== null && answer.status !== 303) await service.call(made, { method: 'DELETE' })
  }
})

/** The calls that an operation shows: each of its bodies, and the first also with what its headers show. */
function examplesOf({ requestBody, parameters }: Operation): Pick<Call, 'headers' | 'body'>[] {
  const headers = parameters.flatMap((one) =>
    one.in === 'header' && one.example !== undefined ? [[one.name, one.example]] : [],
  )
  const bodies = Object.entries(requestBody?.content ?? {}).flatMap(([type, { examples = {} }]) =>
    Object.values(examples).map((example) => ({
      headers: { 'content-type': type },
      body: isJson(type) ? JSON.stringify(resolve(example).value) : String(resolve(example).value),
    })),
  )
  const [first = {}, ...more]: Pick<Call, 'headers' | 'body'>[] = bodies
  const whole = { ...first, headers: { ...first.headers, ...Object.fromEntries(headers) } }
  return headers.length === 0 ? [first, ...more] : [whole, first, ...more]
}

/** What a path's POST shows last. */
function exampleOf(path: string): Pick<Call, 'headers' | 'body'> {
  const operation = document.paths[path]?.post
  return (operation && examplesOf(operation).at(-1)) ?? {}
}

function post(path: string) {
  const example = exampleOf(path)
  const headers = { ...example.headers, authorization, prefer: 'wait=20' }
  return send({ ...example, method: 'POST', path, headers })
}

/** Ids and names in a path are those of things that are there. */
async function pathOf(template: string, method: string): Promise<string> {
  const route = template.replaceAll(/\{(\w+)\}/g, ':$1')
  const isIt = (one: Pick<Endpoint, 'method' | 'route'>) =>
    one.method === method && one.route === route
  const endpoint = endpoints.find(isIt)
  if (endpoint) return endpoint.call(await thingsFor(endpoint, service, redis)).path
  const parameters = document.paths[template]?.[method.toLowerCase()]?.parameters ?? []
  return parameters.reduce(
    (path, { name, schema }) => path.replace(`{${name}}`, schema.examples?.[0] ?? ''),
    aboutOneself.find(isIt)?.path ?? template,
  )
}

/** The user of the examples, who calls what is about oneself. */
async function makeMira() {
  await post('/v1/accounts/users')
  return { authorization: basic('mira', 'an example password') }
}

async function send({ method, path, headers = {}, body }: Call) {
  const init = { method, headers, redirect: 'manual', ...(body !== undefined && { body }) } as const
  const response = await fetch(`${service.url}${path}`, init)
  const { status } = response
  return { method, target: path, status, headers: response.headers, body: await response.text() }
}
