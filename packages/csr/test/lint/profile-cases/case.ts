import type { FindingCode, ProfileName, Spec, SubjectAltName } from '../../../src/index.ts'
import { rdns } from '../../make-csr.ts'
import { dns, host } from '../good-specs.ts'

export type Change = Partial<Spec> & {
  /** Octets of the finished CSR, in hexadecimal, and what they become. */
  patch?: [from: string, to: string]
}

export type Case = [ProfileName, FindingCode, pointer: string, Change]

/** The name comes after another one that is the common name. */
export function altName(profile: ProfileName, code: FindingCode, name: SubjectAltName): Case {
  return [profile, code, '/subjectAltNames/1', { subjectAltNames: [dns(host), name] }]
}

export function commonName(profile: ProfileName, code: FindingCode, name: string): Case {
  return [profile, code, '/subject/0/0/value', { subject: rdns(['CN', name]) }]
}
