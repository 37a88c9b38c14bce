/** Why the demo fell short, in one line that its user can act on. */
export class DemoError extends Error {
  override readonly name = 'DemoError'
}

/** Somebody asked the demo to end: not a failure of anything, but not a success either. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted'
  readonly exitCode: number

  constructor(reason: string, exitCode: number) {
    super(reason)
    this.exitCode = exitCode
  }
}

/** The words of an error, where they are not ours with those of its cause: `fetch failed` alone tells nobody anything. */
export function reasonOf(error: unknown): string {
  if (error instanceof DemoError) return error.message
  if (!(error instanceof Error)) return String(error)
  const cause = error.cause instanceof Error ? ` (${error.cause.message})` : ''
  return `${error.message}${cause}`
}
