import { troubleCodes } from '@csr-foundry/native-api'
import { expect, test } from 'vitest'
// @boundaries-ignore the pages and the rules are held to the metrics themselves, which no package exports
import { CallFigures } from '../../apps/api/src/metrics/call-figures.ts'
// @boundaries-ignore as above
import { installationMetricNames } from '../../apps/api/src/metrics/installation-metrics.ts'
// @boundaries-ignore as above
import { WorkFigures } from '../../apps/worker/src/metrics/work-figures.ts'
import { anchorOf, readText, tableRows } from './pages.ts'

const rules = readText('deploy/prometheus/alerts.yml')
const ruleTests = readText('deploy/prometheus/alerts.test.yml')
const dashboard = readText('deploy/grafana/dashboards/csr-foundry.json')
const page = readText('docs/metrics.md')
const runbook = readText('docs/runbook.md')
const anchors = [...runbook.matchAll(/^## (.*)$/gm)].map(([, heading = '']) => anchorOf(heading))
const entries = runbook.split(/^## /m).slice(1)

/** Each alert with the page that it sends its reader to. */
const alerts = rules
  .split(/^ {6}- alert: /m)
  .slice(1)
  .map((rule) => ({
    name: /^\w+/.exec(rule)?.[0] ?? '',
    runbook: /runbook_url: (\S+)/.exec(rule)?.[1] ?? '',
    for: Number(/^ {8}for: (\d+)s$/m.exec(rule)?.[1] ?? 0),
  }))

const { requests, durations } = new CallFigures()

/** What prom-client is given by name where it is written out. */
const writtenOut = ['api/src/metrics/api-metrics.ts', 'worker/src/metrics/supervisor-metrics.ts']
  .map((file) => readText(`apps/${file}`))
  .flatMap((source) => source.match(/(?<=')csr_foundry_\w+(?=')/g) ?? [])

const metrics = new Set([
  ...[requests.name, durations.name, ...installationMetricNames, ...writtenOut],
  ...new WorkFigures().metrics.map(({ name }) => name),
])

/** The metrics that a text names, those of a histogram as one. */
const namedIn = (text: string) =>
  new Set(
    (text.match(/csr_foundry_\w+/g) ?? []).map((name) => {
      const whole = name.replace(/_(bucket|count|sum)$/, '')
      return metrics.has(whole) ? whole : name
    }),
  )

test('the page has every metric, and no other', () => {
  const rows = tableRows(page, ['metric', 'type', 'labels', 'meaning'])
  expect(rows.map(([name]) => name).toSorted()).toEqual([...metrics].toSorted())
})

test('metrics are named as Prometheus has it: by unit, and counters by _total', () => {
  for (const [name = '', type] of tableRows(page, ['metric', 'type', 'labels', 'meaning'])) {
    expect(name).toMatch(/^csr_foundry_[a-z_]+$/)
    expect(name.endsWith('_total'), name).toBe(type === 'counter')
    if (type === 'histogram') expect(name).toMatch(/_seconds$/)
  }
})

test('the alert rules, their tests and the dashboard name metrics that are there', () => {
  for (const text of [rules, ruleTests, dashboard]) {
    const named = namedIn(text)
    expect(named.size).toBeGreaterThan(10)
    expect([...named].filter((name) => !metrics.has(name))).toEqual([])
  }
})

test('each metric is on the dashboard', () => {
  const shown = namedIn(dashboard)
  expect([...metrics].filter((name) => !shown.has(name))).toEqual([])
})

test('each alert has an entry of the runbook and a test of its rule, and each entry an alert', () => {
  expect(alerts.map(({ runbook: url }) => url)).toEqual(
    anchors.map((anchor) => `docs/runbook.md#${anchor}`),
  )
  const tested = [...ruleTests.matchAll(/^ {2}- name: (\w+)$/gm)].map(([, name]) => name)
  expect(tested).toEqual(alerts.map(({ name }) => name))
  for (const entry of entries) {
    expect(entry).toMatch(/\*\*Means\*\*: .+\n\n\*\*Look\*\*: .+\n\n\*\*Do\*\*: /)
  }
})

test('each alert is there within 30 seconds of what it tells: scrape, evaluation and waiting together', () => {
  const configuration = readText('deploy/prometheus/prometheus.yml')
  const seconds = (name: string) =>
    Number(new RegExp(`^ {2}${name}: (\\d+)s$`, 'm').exec(configuration)?.[1])
  // What waits for more than ten seconds of silence has less time left to wait.
  const noticed = 10
  const slowest = Math.max(...alerts.map((alert) => alert.for))
  expect(
    noticed + seconds('scrape_interval') + seconds('evaluation_interval') + slowest,
  ).toBeLessThanOrEqual(30)
})

test('each trouble of the overview has an entry of the runbook', () => {
  for (const code of troubleCodes) expect(anchors).toContain(code.replaceAll('_', '-'))
})
