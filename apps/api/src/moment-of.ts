const minuteMs = 60_000

let lastMinute = Number.NaN
let lastText = ''

/**
 * A moment of a record, in milliseconds, as all dialects write it: RFC 3339 in UTC. The moments of one record mostly lie
 * within a minute, which is written out once.
 */
export function momentOf(milliseconds: number): string {
  const minute = Math.floor(milliseconds / minuteMs)
  if (minute !== lastMinute) {
    lastText = new Date(minute * minuteMs).toISOString().slice(0, -'00.000Z'.length)
    lastMinute = minute
  }
  const digits = String(milliseconds - minute * minuteMs).padStart(5, '0')
  return `${lastText}${digits.slice(0, 2)}.${digits.slice(2)}Z`
}
