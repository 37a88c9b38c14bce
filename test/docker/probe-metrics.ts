/**
 * Run in Grafana's container of docker-compose.yml: reads what Grafana is given there, asks Prometheus by the URL that Grafana has,
 * and says what is not as it should be. Its argument is how many alert rules there are.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** What is counted only where something goes wrong; no such series is there until then. */
const troubleOnly = /^csr_foundry_(lots_given_back|vault_operation_failures)_total$/

type Target = { readonly expr: string; readonly datasource?: { readonly uid: string } }
type Panel = { readonly title?: string; readonly targets?: readonly Target[] }
type Rule = { readonly name: string; readonly query: string; readonly health: string }
type State = { readonly state: string; readonly labels: { readonly severity?: string } }
type Sample = { readonly value: readonly [number, string] }

const provisioning = '/etc/grafana/provisioning'
const metricNames = (expr: string) => expr.match(/\b(csr_foundry_\w+|up)\b/g) ?? []
const problems: string[] = []

const source = provisioned('datasources')
const [uid, url] = [setting(source, 'uid'), setting(source, 'url')]
if (readFileSync(process.env.GF_SECURITY_ADMIN_PASSWORD__FILE ?? '').length === 0) {
  problems.push("Grafana's password is empty")
}
for (const panel of panels()) await checkPanel(panel)
await checkRules(Number(process.argv[2]))
await checkAlerts()
for (const target of ['http://api:9464/metrics', 'http://worker:9465/metrics']) {
  const { status } = await fetch(target)
  if (status !== 401) problems.push(`${target} without the token: ${status}`)
}
process.stdout.write(problems.map((problem) => `${problem}\n`).join(''))
process.exitCode = problems.length === 0 ? 0 : 1

function provisioned(folder: string): string {
  const names = readdirSync(join(provisioning, folder))
  return names.map((name) => readFileSync(join(provisioning, folder, name), 'utf8')).join('\n')
}

function setting(text: string, name: string): string {
  const value = new RegExp(`\\b${name}: ([^\\s,}]+)`).exec(text)?.[1]
  if (value === undefined) throw new Error(`Nothing says ${name} in ${provisioning}.`)
  return value
}

function panels(): Panel[] {
  const folder = setting(provisioned('dashboards'), 'path')
  return readdirSync(folder).flatMap(
    (name) => JSON.parse(readFileSync(join(folder, name), 'utf8')).panels as Panel[],
  )
}

async function checkPanel({ title, targets = [] }: Panel): Promise<void> {
  for (const { expr, datasource } of targets) {
    const place = `panel "${title}": ${expr}`
    if (expr === undefined) problems.push(`panel "${title}" asks nothing`)
    else if (!(await shows(expr))) problems.push(`${place} shows nothing`)
    if (datasource !== undefined && datasource.uid !== uid)
      problems.push(`${place}: ${datasource.uid}`)
  }
}

async function shows(expr: string): Promise<boolean> {
  const found = await ask<{ result: Sample[] }>(`query?query=${encodeURIComponent(expr)}`)
  if (metricNames(expr).some((name) => troubleOnly.test(name))) return true
  return found.result.some(({ value }) => value[1] !== 'NaN')
}

async function checkRules(count: number): Promise<void> {
  const { groups } = await ask<{ groups: { rules: Rule[] }[] }>('rules')
  const rules = groups.flatMap((group) => group.rules)
  if (rules.length !== count) problems.push(`${rules.length} alert rules are loaded, not ${count}`)
  for (const rule of rules) await checkRule(rule)
}

async function checkRule({ name, query, health }: Rule): Promise<void> {
  if (health !== 'ok') problems.push(`rule ${name}: ${health}`)
  for (const metric of metricNames(query)) {
    if (!(await shows(metric))) problems.push(`rule ${name}: there is no ${metric}`)
  }
}

async function checkAlerts(): Promise<void> {
  const { alerts } = await ask<{ alerts: State[] }>('alerts')
  for (const { state, labels } of alerts) {
    if (state === 'firing' && labels.severity === 'critical') problems.push(JSON.stringify(labels))
  }
}

async function ask<Answer>(what: string): Promise<Answer> {
  const response = await fetch(`${url}/api/v1/${what}`)
  const { status, error, data } = (await response.json()) as Record<string, unknown>
  if (status === 'success') return data as Answer
  throw new Error(`${what}: ${error}`)
}
