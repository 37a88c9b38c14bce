import { findingKinds, lintCsr, profileNames, toPem } from '@csr-foundry/csr'
import { describe, expect, it } from 'vitest'
import { allRows, rowsOfSections } from './mutations/all-rows.ts'
import { composeCsr } from './mutations/compose-csr.ts'
import { goodCsr, goodNames } from './mutations/good-csrs.ts'
import { rules, sections } from './mutations/rules.ts'

const mutations = allRows.filter((row) => 'code' in row)
const refusals = allRows.filter((row) => 'refused' in row)

describe('what the package makes', () => {
  it.each(goodNames)('has nothing wrong with it: %s', async (name) => {
    const der = composeCsr(await goodCsr(name))
    expect(lintCsr(der).findings).toEqual([])
    expect(lintCsr(toPem(Buffer.from(der))).findings).toEqual([])
  })
})

describe('lint names what is wrong, and nothing else', () => {
  it.each(titled(mutations))('%s', async (_, { csr, mutate, code, pointer, also }) => {
    const { findings } = lintCsr(composeCsr(mutate(await goodCsr(csr))))
    expect(JSON.stringify(findings), 'a challengePassword is not told').not.toContain(
      'correct horse',
    )
    const found = findings.map((finding) => `${finding.code} at ${finding.pointer}`)
    const besides = found.filter((_, i) => !also.some((allowed) => allowed === findings[i]?.code))
    expect(besides.join('\n')).toBe(`${code} at ${pointer}`)
  })
})

describe('lint refuses what is no CSR', () => {
  it.each(titled(refusals))('%s', async (_, { csr, mutate, refused }) => {
    const bytes = composeCsr(mutate(await goodCsr(csr)))
    expect(() => lintCsr(bytes)).toThrow(expect.objectContaining({ code: refused }))
  })
})

describe('the mutations', () => {
  it.each(sections)('break every rule: %s', (section) => {
    const broken = Object.entries(rowsOfSections[section]).filter(([, list]) => list.length > 0)
    expect(broken.map(([rule]) => rule)).toEqual([...rules[section]])
  })

  it('provoke every error and every warning that lint can find without a profile', () => {
    // The package's own tests provoke each of a profile's, which start with the profile's first word.
    const ofProfiles = profileNames.map((name) => `${name.split('-')[0]}_`)
    const codes = Object.keys(findingKinds).filter(
      (code) => !ofProfiles.some((start) => code.startsWith(start)),
    )
    const provoked = new Set<string>(mutations.map(({ code }) => code))
    expect(codes.filter((code) => !provoked.has(code))).toEqual([])
  })

  it('are each there once', () => {
    const names = allRows.map(titleOf)
    expect(names.filter((name, i) => names.indexOf(name) !== i)).toEqual([])
  })
})

/** With the whole title, which vitest would shorten. */
function titled<Row extends Titled>(rows: readonly Row[]): [string, Row][] {
  return rows.map((row) => [titleOf(row), row])
}

type Titled = { section: string; rule: string; broken: string }

function titleOf({ section, rule, broken }: Titled): string {
  return `${section}, ${rule}: ${broken}`
}
