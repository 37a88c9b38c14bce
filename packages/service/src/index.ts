export {
  type ErrorCode,
  errorKinds,
  type Fault,
  faultCodes,
  type Problem,
  ServiceError,
  toProblem,
} from './errors.ts'
export {
  administratorSettings,
  installationSettings,
  prioritySettings,
  tlsSettings,
} from './installation-settings.ts'
export { createLogger, type Logger, secretFields } from './logger.ts'
export {
  Counters,
  type HistogramSeries,
  Histograms,
  histogramSnapshot,
  type Metric,
  type MetricSnapshot,
  type MetricValue,
  type Tally,
} from './metrics.ts'
export { runProgram, SetupError, setupExitCode } from './run-program.ts'
export { Secret } from './secret.ts'
export {
  type MetricsPlace,
  type MetricsServer,
  type MetricsText,
  metricsPlace,
  metricsSettings,
  serveMetrics,
} from './serve-metrics.ts'
export {
  fileSetting,
  secretSetting,
  textSetting,
  trueOrFalse,
  wholeNumber,
} from './setting-kinds.ts'
export { parseSettings, SettingsError, type SettingsShape } from './settings.ts'
export { stopOnSignals } from './shutdown.ts'
export { type ChildNews, type ChildProgram, SupervisedProcess } from './supervise.ts'
export { type RunningTracing, startTracing } from './tracing/start-tracing.ts'
export {
  isTracing,
  noteOnSpan,
  type SpanFacts,
  type Step,
  type TracedCall,
  takesStep,
  traceCall,
  traceIds,
  traceparent,
  traceStep,
} from './tracing/tracer.ts'
export { type Tracing, tracingOf, tracingSettings } from './tracing/tracing-settings.ts'
