/** OpenTelemetry set up by hand: no hooks into imports, which Node's permission model of the API would refuse. */
import { context, propagation, trace } from '@opentelemetry/api'
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks'
import { OTLPExporterBase } from '@opentelemetry/otlp-exporter-base'
import {
  createOtlpHttpExportDelegate,
  httpAgentFactoryFromOptions,
} from '@opentelemetry/otlp-exporter-base/node-http'
import { JsonTraceSerializer, TraceExporterMetricsHelper } from '@opentelemetry/otlp-transformer'
import { defaultResource, resourceFromAttributes } from '@opentelemetry/resources'
import {
  AlwaysOffSampler,
  AlwaysOnSampler,
  BatchSpanProcessor,
  ParentBasedSampler,
  type Sampler,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from '@opentelemetry/sdk-trace'
import type { Logger } from '../logger.ts'
import { OtelTracer } from './otel-tracer.ts'
import type { RunningTracing } from './start-tracing.ts'
import { TraceparentPropagator } from './traceparent-propagator.ts'
import { setTracer } from './tracer.ts'
import type { SamplerName, Tracing } from './tracing-settings.ts'
import { WatchedExporter } from './watched-exporter.ts'

const flushWithin = 2_000

/** An export that takes longer is given up; meanwhile spans wait, at most so many, and what is beyond is dropped. */
const exportWithin = 10_000
const mostWaiting = 4_096

const samplers: Record<SamplerName, (ratio: number) => Sampler> = {
  always_on: () => new AlwaysOnSampler(),
  always_off: () => new AlwaysOffSampler(),
  traceidratio: (ratio) => new TraceIdRatioBasedSampler(ratio),
  parentbased_always_on: () => new ParentBasedSampler({ root: new AlwaysOnSampler() }),
  parentbased_always_off: () => new ParentBasedSampler({ root: new AlwaysOffSampler() }),
  parentbased_traceidratio: (ratio) =>
    new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(ratio) }),
}

/** Makes this process trace, to a collector that may be away at any time. */
export function traceTo(tracing: Tracing, log: Logger): RunningTracing {
  const provider = new TracerProvider({
    resource: resourceOf(tracing),
    sampler: samplers[tracing.sampler](tracing.ratio),
    spanLimits: { attributeValueLengthLimit: 256 },
    spanProcessors: [
      new BatchSpanProcessor({
        exporter: new WatchedExporter(exporterTo(tracing), log),
        exportTimeoutMillis: exportWithin,
        maxQueueSize: mostWaiting,
      }),
    ],
  })
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable())
  propagation.setGlobalPropagator(new TraceparentPropagator())
  trace.setGlobalTracerProvider(provider)
  setTracer(new OtelTracer(provider.getTracer('csr-foundry')))
  return {
    stop: async () => {
      setTracer(undefined)
      await within(flushWithin, provider.shutdown())
      trace.disable()
      propagation.disable()
      context.disable()
    },
  }
}

/**
 * What OTLPTraceExporter is made of, without the part that reads variables of the environment by itself: headers and a compression
 * that docs/settings.md does not name would go by, unchecked.
 */
const exporterTo = ({ url, headers }: Tracing) =>
  new OTLPExporterBase(
    createOtlpHttpExportDelegate(
      {
        url,
        headers: async () => ({ ...headers.reveal(), 'Content-Type': 'application/json' }),
        timeoutMillis: exportWithin,
        concurrencyLimit: 10,
        compression: 'none',
        agentFactory: httpAgentFactoryFromOptions({ keepAlive: true }),
      },
      JsonTraceSerializer,
      'otlp_http_span_exporter',
      TraceExporterMetricsHelper,
      undefined,
    ),
  )

const resourceOf = ({ serviceName }: Tracing) =>
  defaultResource().merge(
    resourceFromAttributes({
      'service.name': serviceName,
      'service.namespace': 'csr-foundry',
      'process.pid': process.pid,
    }),
  )

/** Waits so many milliseconds at most, for better or worse. */
async function within(limit: number, work: Promise<unknown>): Promise<void> {
  const { promise: late, resolve } = Promise.withResolvers<void>()
  const timer = setTimeout(resolve, limit)
  await Promise.race([work.catch(() => {}), late])
  clearTimeout(timer)
}
