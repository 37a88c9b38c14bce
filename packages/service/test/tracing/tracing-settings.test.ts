import { expect, test } from 'vitest'
import { parseSettings, type Secret, tracingOf, tracingSettings } from '../../src/index.ts'

const read = (environment: Record<string, string>) =>
  tracingOf(parseSettings(tracingSettings('csr-foundry-test'), environment))

const endpoint = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318' }

test('without an endpoint tracing is off, whatever else is set', () => {
  expect(read({})).toBeUndefined()
  expect(read({ OTEL_TRACES_SAMPLER: 'always_on' })).toBeUndefined()
})

test('traces go below the endpoint of all signals, or to their own as it is', () => {
  expect(read(endpoint)?.url).toBe('http://collector:4318/v1/traces')
  expect(read({ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318/' })?.url).toBe(
    'http://collector:4318/v1/traces',
  )
  const own = 'https://traces.example.com/in'
  expect(read({ ...endpoint, OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: own })?.url).toBe(own)
})

test('headers are a secret, percent-decoded', () => {
  const headers = read({
    ...endpoint,
    OTEL_EXPORTER_OTLP_HEADERS: 'authorization=Basic%20YTpi, x-tenant=a%2Cb',
  })?.headers as Secret<object>
  expect(headers.reveal()).toEqual({ authorization: 'Basic YTpi', 'x-tenant': 'a,b' })
  expect(`${headers}${JSON.stringify({ headers })}`).not.toContain('YTpi')
})

test.each([
  [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'collector:4318' }, 'OTEL_EXPORTER_OTLP_ENDPOINT: must be a URL'],
  [
    { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://user:hidden@collector' },
    'OTEL_EXPORTER_OTLP_ENDPOINT: must have no user and password',
  ],
  [{ OTEL_EXPORTER_OTLP_HEADERS: 'hidden' }, 'OTEL_EXPORTER_OTLP_HEADERS: must be name=value'],
  [{ OTEL_EXPORTER_OTLP_HEADERS: 'a=%zz' }, 'OTEL_EXPORTER_OTLP_HEADERS: must be name=value'],
  [{ OTEL_TRACES_SAMPLER: 'jaeger_remote' }, 'OTEL_TRACES_SAMPLER: must be one of always_on'],
  [{ OTEL_TRACES_SAMPLER_ARG: '1.5' }, 'OTEL_TRACES_SAMPLER_ARG: must be a number from 0 to 1'],
])('what cannot be used is told and not echoed: %o', (environment, message) => {
  expect(() => read(environment)).toThrow(message)
  expect(() => read(environment)).not.toThrow('hidden')
})
