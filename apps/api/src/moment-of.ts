/** A moment of a record, in milliseconds, as all dialects write it: RFC 3339 in UTC. */
export const momentOf = (milliseconds: number): string => new Date(milliseconds).toISOString()
