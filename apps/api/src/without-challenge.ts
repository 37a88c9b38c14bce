/**
 * A spec as JSON with `true` in place of its challenge password, which no spec has there; undefined where it has none. Whoever
 * reads the digest of a whole spec, and knows the rest of it, could try all that a person may have chosen.
 */
export function withoutChallenge(spec: unknown): string | undefined {
  if (!isObject(spec) || !isObject(spec.attributes)) return undefined
  const { attributes } = spec
  if (typeof attributes.challengePassword !== 'string') return undefined
  return JSON.stringify({ ...spec, attributes: { ...attributes, challengePassword: true } })
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
