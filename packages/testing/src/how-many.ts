import { isLongRun } from './config.ts'

/**
 * How often a test does what it does: a number that every run can afford, or with `npm run test:long` the one that its
 * promise names.
 */
export const howMany = (usual: number, long: number): number => (isLongRun ? long : usual)

/** For the name of a test: `1,000`. */
export const inWords = (count: number): string => count.toLocaleString('en')
