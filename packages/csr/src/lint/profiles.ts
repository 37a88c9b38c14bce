import type { Profile } from './profile.ts'
import { adcs } from './profiles/adcs.ts'
import { letsencrypt } from './profiles/letsencrypt.ts'
import { lxca } from './profiles/lxca.ts'
import { publicTls } from './profiles/public-tls.ts'
import { puppet } from './profiles/puppet.ts'

/**
 * The profiles by their names.
 *
 * @example
 * ```ts
 * profiles.lxca.about // => 'What a Lenovo XClarity Administrator writes.'
 * ```
 */
export const profiles = {
  'public-tls': publicTls,
  letsencrypt,
  adcs,
  puppet,
  lxca,
} as const satisfies Record<string, Profile>

/** Name of a profile. */
export type ProfileName = keyof typeof profiles

/**
 * Names of all profiles.
 *
 * @example
 * ```ts
 * profileNames // => ['public-tls', 'letsencrypt', 'adcs', 'puppet', 'lxca']
 * ```
 */
export const profileNames = Object.keys(profiles) as ProfileName[]
