const units = ['bytes', 'kB', 'MB', 'GB'] as const

/** `14.5 MB`, as files are shown. */
export function bytesText(bytes: number): string {
  const step = Math.min(units.length - 1, Math.floor(Math.log10(Math.max(1, bytes)) / 3))
  const amount = bytes / 1000 ** step
  return `${step === 0 ? amount : amount.toFixed(1)} ${units[step]}`
}

/** `12,345`. */
export const countText = (count: number): string =>
  String(Math.round(count)).replace(/\B(?=(\d{3})+$)/g, ',')

/** `1 row`, `2 rows`. */
export const amountText = (count: number, thing: string): string =>
  `${countText(count)} ${thing}${count === 1 ? '' : 's'}`

/** `8.0 s`, `42 s`, `2 min 5 s`, `1 h 3 min`. */
export function durationText(seconds: number): string {
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`
  const whole = Math.round(seconds)
  if (whole < 60) return `${whole} s`
  if (whole < 3_600) return `${Math.floor(whole / 60)} min ${whole % 60} s`
  const minutes = Math.round(whole / 60)
  return `${countText(Math.floor(minutes / 60))} h ${minutes % 60} min`
}
