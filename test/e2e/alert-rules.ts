/** Alert rules of deploy/prometheus that compare a metric with a number, held to what was scraped. */
import { readText } from '../docs/pages.ts'

export type Rule = {
  /** Whether the rule holds, of any series, for what was scraped now and before. */
  holds(now: string, before: string): boolean
}

const rules = readText('deploy/prometheus/alerts.yml')
const form = /^(?:(increase)\()?(\w+)(?:\[\w+\]\))? (==|>=|>) ([\d.]+)$/

/** The rule of `CsrFoundry<name>`; one that is written otherwise cannot be held to a text here. */
export function ruleOf(name: string): Rule {
  const expression = new RegExp(`- alert: CsrFoundry${name}\\n {8}expr: (.*)\\n`).exec(rules)?.[1]
  const [, increase, metric = '', operator, number] = form.exec(expression ?? '') ?? []
  if (operator === undefined)
    throw new Error(`${name} is not of the form that is known: ${expression}`)
  const limit = Number(number)
  const isBeyond = (value: number) => {
    if (operator === '==') return value === limit
    return operator === '>' ? value > limit : value >= limit
  }
  return {
    holds: (now, before) => {
      const earlier = seriesOf(before, metric)
      return [...seriesOf(now, metric)].some(([labels, value]) =>
        isBeyond(increase ? value - (earlier.get(labels) ?? value) : value),
      )
    },
  }
}

/** The values of a metric by their labels. */
function seriesOf(text: string, metric: string): Map<string, number> {
  const lines = [...text.matchAll(new RegExp(`^${metric}(\\{.*\\})? (\\S+)$`, 'gm'))]
  if (lines.length === 0) throw new Error(`Nobody tells of ${metric}.`)
  return new Map(lines.map(([, labels = '', value]) => [labels, Number(value)]))
}
