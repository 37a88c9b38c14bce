import { html } from 'hono/html'
import { type IconName, icon } from './icon.ts'

type Look = { readonly kind: 'good' | 'bad' | 'busy' | 'calm' | 'care'; readonly icon: IconName }

/** How a state looks: never by its colour alone. */
const looks: Readonly<Record<string, Look>> = {
  queued: { kind: 'calm', icon: 'clock' },
  running: { kind: 'busy', icon: 'gear' },
  taking: { kind: 'busy', icon: 'gear' },
  ready: { kind: 'good', icon: 'check' },
  done: { kind: 'good', icon: 'check' },
  failed: { kind: 'bad', icon: 'cross' },
  broken: { kind: 'bad', icon: 'cross' },
  expired: { kind: 'calm', icon: 'stop' },
  cancelled: { kind: 'calm', icon: 'stop' },
  paused: { kind: 'care', icon: 'pause' },
  draining: { kind: 'care', icon: 'pause' },
  silent: { kind: 'bad', icon: 'warning' },
  working: { kind: 'busy', icon: 'gear' },
  idle: { kind: 'calm', icon: 'check' },
  closed: { kind: 'calm', icon: 'stop' },
  open: { kind: 'good', icon: 'check' },
}

const plain: Look = { kind: 'calm', icon: 'info' }

export function stateBadge(state: string) {
  const look = looks[state] ?? plain
  return html`<span class="state ${look.kind}">${icon(look.icon)}${state}</span>`
}
