import { adcs } from './profile-cases/adcs.ts'
import type { Case } from './profile-cases/case.ts'
import { letsEncrypt } from './profile-cases/letsencrypt.ts'
import { lxca } from './profile-cases/lxca.ts'
import { publicTls } from './profile-cases/public-tls.ts'
import { puppet } from './profile-cases/puppet.ts'

/** Each finding with what provokes it when it is changed in a CSR that is good. */
export const cases: readonly Case[] = [...publicTls, ...letsEncrypt, ...adcs, ...puppet, ...lxca]
