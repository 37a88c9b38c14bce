import { z } from 'zod'
import { Secret } from '../secret.ts'
import { secretSetting, textSetting } from '../setting-kinds.ts'
import { SettingsError } from '../settings.ts'

/** OpenTelemetry's own names of what decides which traces are exported. */
export const samplerNames = [
  ...['always_on', 'always_off', 'traceidratio'],
  ...['parentbased_always_on', 'parentbased_always_off', 'parentbased_traceidratio'],
] as const

export type SamplerName = (typeof samplerNames)[number]

const samplerSetting = z.enum(samplerNames, `must be one of ${samplerNames.join(', ')}`)

const ratioMessage = 'must be a number from 0 to 1, such as 0.1'

const ratioSetting = z
  .string()
  .regex(/^\d{1,3}(\.\d{1,15})?$/, ratioMessage)
  .transform(Number)
  .pipe(z.number().min(0, ratioMessage).max(1, ratioMessage))

const isHttpUrl = (text: string) => URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)

/** Credentials for a collector are no part of its URL, which is no secret here. */
const hasCredentials = (text: string) => {
  const url = URL.parse(text)
  return url !== null && (url.username !== '' || url.password !== '')
}

const otlpUrlSetting = textSetting('a URL')
  .refine(isHttpUrl, 'must be a URL such as http://127.0.0.1:4318')
  .refine(
    (text) => !hasCredentials(text),
    'must have no user and password: put them into OTEL_EXPORTER_OTLP_HEADERS',
  )

/** What a program that is traced reads; the descriptions are those of docs/settings.md. */
export const tracingSettings = (usualName: string) => ({
  OTEL_EXPORTER_OTLP_ENDPOINT: otlpUrlSetting
    .optional()
    .describe(
      'Collector of [traces](operations.md#traces), by OTLP over HTTP, such as `http://127.0.0.1:4318`; `/v1/traces` is added to it. Unset, and the next one too: nothing is traced.',
    ),
  OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: otlpUrlSetting
    .optional()
    .describe('The same for traces alone, taken as it is.'),
  OTEL_EXPORTER_OTLP_HEADERS: secretSetting('`name=value`, separated by commas, percent-encoded')
    .optional()
    .describe('Headers that go to the collector, such as `authorization=Bearer%20…`.'),
  OTEL_SERVICE_NAME: textSetting('a name')
    .default(usualName)
    .describe('Name of the service in its traces.'),
  OTEL_TRACES_SAMPLER: samplerSetting
    .default('parentbased_always_on')
    .describe(
      "Which traces are exported: all, none, or a share. With `parentbased_` before it, as the caller's `traceparent` says where there is one.",
    ),
  OTEL_TRACES_SAMPLER_ARG: ratioSetting
    .default(1)
    .describe('The share of traces of `traceidratio`.'),
})

export type TracingSettings = z.output<z.ZodObject<ReturnType<typeof tracingSettings>>>

/** Where traces go, and which. */
export type Tracing = {
  readonly url: string
  readonly headers: Secret<Readonly<Record<string, string>>>
  readonly serviceName: string
  readonly sampler: SamplerName
  /** The share of traces, 0 to 1, where the sampler goes by one. */
  readonly ratio: number
}

/**
 * Undefined where no endpoint is set: tracing is off.
 *
 * @throws {SettingsError} where the headers are none
 */
export function tracingOf(settings: TracingSettings): Tracing | undefined {
  const headers = headersIn(settings.OTEL_EXPORTER_OTLP_HEADERS)
  const url = tracesUrl(settings)
  if (url === undefined) return undefined
  return {
    url,
    headers,
    serviceName: settings.OTEL_SERVICE_NAME,
    sampler: settings.OTEL_TRACES_SAMPLER,
    ratio: settings.OTEL_TRACES_SAMPLER_ARG,
  }
}

/** The endpoint of traces is taken as it is; the one of all signals is the base of their paths. */
function tracesUrl({
  OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: own,
  OTEL_EXPORTER_OTLP_ENDPOINT: base,
}: TracingSettings): string | undefined {
  if (own !== undefined) return own
  return base === undefined ? undefined : `${base.replace(/\/$/, '')}/v1/traces`
}

const headerName = /^[\w!#$%&'*+.^`|~-]+$/
const headerValue = /^[\x20-\x7e]*$/

/** As OpenTelemetry writes them: `name=value,name=value`, percent-encoded where a value has a comma. */
function headersIn(setting: Secret | undefined): Secret<Record<string, string>> {
  const pairs = (setting?.reveal() ?? '').split(',').filter((pair) => pair.trim() !== '')
  return new Secret(Object.fromEntries(pairs.map(headerIn)))
}

function headerIn(pair: string): [string, string] {
  const at = pair.indexOf('=')
  const name = pair.slice(0, at).trim()
  const value = decoded(pair.slice(at + 1).trim())
  if (at > 0 && headerName.test(name) && value !== undefined && headerValue.test(value)) {
    return [name, value]
  }
  throw new SettingsError([
    'OTEL_EXPORTER_OTLP_HEADERS: must be name=value,name=value, percent-encoded where a value has a comma',
  ])
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text)
  } catch {
    return undefined
  }
}
