import { durationText } from '../batch/amounts.ts'

/** `4.2 ms`, `812 ms`, `8.0 s`, `2 min 5 s`; `-` for what nobody has measured. */
export function millisecondsText(ms: number | undefined): string {
  if (ms === undefined) return '-'
  if (ms < 9.95) return `${ms.toFixed(1)} ms`
  return ms < 999.5 ? `${Math.round(ms)} ms` : durationText(ms / 1_000)
}

export const yesOrNo = (is: boolean) => (is ? 'yes' : 'no')
