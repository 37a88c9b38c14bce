import type { Profile } from './profile.ts'

/** The profiles by their names. */
export const profiles = {
  none: { about: 'The standards alone.', check: () => {} },
} as const satisfies Record<string, Profile>

/** Name of a profile. */
export type ProfileName = keyof typeof profiles

/** Names of all profiles. */
export const profileNames = Object.keys(profiles) as ProfileName[]
