import { createPrivateKey, createPublicKey } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import {
  CsrError,
  type KeyAlgorithmName,
  type KeyPair,
  keyAlgorithms,
  lintCsr,
  type ProfileName,
  profileNames,
  profiles,
} from '../../src/index.ts'
import { profileFindings } from '../../src/lint/profile-findings.ts'
import { mutate, seeded, testRsaPem } from '../keys/key-material.ts'
import { makeCsr, specOf } from '../make-csr.ts'
import { dns, good, lxcaSubject } from './good-specs.ts'
import type { Change } from './profile-cases/case.ts'
import { cases } from './profile-cases.ts'

const keys = new Map<KeyAlgorithmName, KeyPair>([
  ['rsa-2048', rsaKey(2048)],
  ['rsa-3072', rsaKey(3072)],
  ['rsa-4096', rsaKey(4096)],
])

describe('profiles', () => {
  it.each(profileNames.flatMap((profile) => good[profile].map((spec) => ({ profile, spec }))))(
    '$profile says nothing of a CSR that it likes',
    async ({ profile, spec }) => {
      expect(lintCsr(await csrOf(spec), { profile }).findings).toEqual([])
    },
  )

  it.each(cases)('%s finds %s at %s (%#)', async (profile, code, pointer, change) => {
    const { findings } = lintCsr(await csrOf({ ...good[profile][0], ...change }), { profile })
    const kind = Object.entries(profileFindings).find(([name]) => name === code)?.[1]
    expect(findings).toContainEqual({
      code,
      pointer,
      severity: kind?.severity,
      source: kind?.source,
      message: expect.stringMatching(/^[A-Z].*\.$/),
    })
    expect(lintCsr(await csrOf({ ...good[profile][0], ...change })).findings).not.toContainEqual(
      expect.objectContaining({ code }),
    )
  })

  it('have no finding that nothing provokes', () => {
    const provoked = new Set<string>(cases.map(([, code]) => code))
    expect(Object.keys(profileFindings).filter((code) => !provoked.has(code))).toEqual([])
  })

  it('name a rule and its source for each finding, with the name of a profile in front', () => {
    for (const [code, { rule, source }] of Object.entries(profileFindings)) {
      expect(code).toMatch(/^(public_name|public_tls|letsencrypt|adcs|puppet|lxca)_[a-z_]+$/)
      expect(rule).toMatch(/\.$/)
      expect(source.length).toBeGreaterThan(8)
    }
  })

  it('say what they are for', () => {
    expect(profileNames).toEqual(['public-tls', 'letsencrypt', 'adcs', 'puppet', 'lxca'])
    for (const name of profileNames) expect(profiles[name].about).toMatch(/\.$/)
  })

  it('tell duplicates from faults where the product keeps them', async () => {
    const csr = await csrOf({ subject: lxcaSubject(), subjectAltNames: [dns('LXCA'), dns('LXCA')] })
    const codes = (profile: ProfileName) =>
      lintCsr(csr, { profile }).findings.map(({ code }) => code)
    expect(codes('lxca')).not.toContain('san_duplicate')
    expect(codes('public-tls')).toContain('san_duplicate')
  })

  it('throw nothing but that it is no CSR, whatever became of one', async () => {
    const random = seeded(7)
    for (const profile of profileNames) {
      const der = await csrOf(good[profile][0] ?? {})
      for (let i = 0; i < 150; i++) {
        const damaged = mutate(der, random)
        try {
          lintCsr(damaged, { profile })
        } catch (error) {
          expect(error, damaged.toString('hex')).toBeInstanceOf(CsrError)
        }
      }
    }
  })
})

async function csrOf({ patch, ...parts }: Change): Promise<Buffer> {
  const spec = specOf(parts)
  const key = keys.get(spec.key.algorithm) ?? (await keyAlgorithms[spec.key.algorithm].generate())
  keys.set(spec.key.algorithm, key)
  const { der } = await makeCsr(spec, key)
  if (patch === undefined) return der
  expect(der.toString('hex')).toContain(patch[0])
  return Buffer.from(der.toString('hex').replaceAll(patch[0], patch[1]), 'hex')
}

function rsaKey(bits: 2048 | 3072 | 4096): KeyPair {
  const privateKey = createPrivateKey(testRsaPem(bits))
  const publicKey = createPublicKey(testRsaPem(bits))
  return { privateKey, publicKey, spki: publicKey.export({ type: 'spki', format: 'der' }) }
}
