/** The members that are there more than once, each once, in the order of their second appearance. */
export function repeated<T>(all: readonly T[]): T[] {
  const seen = new Set<T>()
  const twice = new Set<T>()
  for (const one of all) (seen.has(one) ? twice : seen).add(one)
  return [...twice]
}
