/** Subject alternative names that one request may ask for, by whatever dialect. */
export const mostNames = 250

/** What is wrong with so many names; undefined for no more than are allowed. */
export const tooManyNames = (count: number): string | undefined =>
  count > mostNames ? `has ${count} names; at most ${mostNames} are allowed` : undefined
