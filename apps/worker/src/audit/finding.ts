import { type AuditFinding, type AuditFindingKind, auditFindings } from '@csr-foundry/records'

type Place = Omit<AuditFinding, 'kind' | 'detail'>

/** A finding with its sentence; `more` is said after it. */
export function finding(kind: AuditFindingKind, place: Place, more = ''): AuditFinding {
  const where = [
    ...(place.seal === undefined ? [] : [`seal ${place.seal}`]),
    ...(place.entry === undefined ? [] : [entriesOf(place)]),
    ...(place.from === undefined ? [] : [`sealed as ${place.from}`]),
    ...(place.after === undefined ? [] : [`after ${place.after}`]),
    ...(place.before === undefined ? [] : [`before ${place.before}`]),
  ]
  const detail = [auditFindings[kind], where.length > 0 ? `Place: ${where.join(', ')}.` : '', more]
  return { kind, ...defined(place), detail: detail.filter((part) => part !== '').join(' ') }
}

function entriesOf({ entry, to, count }: Place): string {
  if (to === undefined || to === entry) return `entry ${entry}`
  return `${count} entries from ${entry} to ${to}`
}

/** Without what is not known: the report is JSON. */
const defined = (place: Place): Place =>
  Object.fromEntries(Object.entries(place).filter(([, value]) => value !== undefined))
