import { InvalidArgumentError } from 'commander'

/** A whole number between two others. */
export const wholeNumberOf = (least: number, most: number) => (value: string) => {
  const number = /^\d{1,10}$/.test(value) ? Number(value) : Number.NaN
  if (number >= least && number <= most) return number
  throw new InvalidArgumentError(`It is a whole number from ${least} to ${most}.`)
}
