import { expect, test } from 'vitest'
import { Counters, Histograms } from '../src/index.ts'

const counters = () =>
  new Counters({ name: 'calls_total', help: 'Calls.', labels: ['route', 'status'] })
const histograms = () =>
  new Histograms({ name: 'work_seconds', help: 'Work.', labels: ['lane'], bounds: [0.1, 1] })

test('a counter has a value for each combination of its labels', () => {
  const calls = counters()
  calls.add('/a 200')
  calls.add('/a 200', 2)
  calls.add('/a 404')
  expect(calls.get().values).toEqual([
    { labels: { route: '/a', status: '200' }, value: 3 },
    { labels: { route: '/a', status: '404' }, value: 1 },
  ])
})

test('a histogram counts what is at most its bounds, as Prometheus has it', () => {
  const work = histograms()
  for (const seconds of [0.1, 0.5, 3]) work.observe('fast', seconds)
  const shown = work
    .get()
    .values.map(({ metricName, labels, value }) => [metricName, labels.le, value])
  expect(shown).toEqual([
    ['work_seconds_bucket', 0.1, 1],
    ['work_seconds_bucket', 1, 2],
    ['work_seconds_bucket', '+Inf', 3],
    ['work_seconds_sum', undefined, 3.6],
    ['work_seconds_count', undefined, 3],
  ])
})

test('what two processes have counted adds up', () => {
  const [one, sum] = [histograms(), histograms()]
  one.observe('fast', 0.5)
  sum.observe('fast', 0.05)
  sum.addTally(JSON.parse(JSON.stringify(one.tally())))
  expect(sum.get().values.at(-1)).toMatchObject({ value: 2 })
  const calls = counters()
  calls.addTally({ '/a 200': 2 })
  calls.addTally({ '/a 200': 3 })
  expect(calls.tally()).toEqual({ '/a 200': 5 })
})
