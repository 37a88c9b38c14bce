import { attributes } from './attributes.ts'
import { dnsNames } from './dns-names.ts'
import { ecKeys } from './ec-keys.ts'
import { ecdsaSignatures } from './ecdsa-signatures.ts'
import { extensionRows } from './extensions.ts'
import { otherKeys } from './keys.ts'
import { lengths } from './lengths.ts'
import type { Rows } from './mutation.ts'
import { nameRows } from './names.ts'
import { otherNames } from './other-names.ts'
import { pem } from './pem.ts'
import { rsaKeys } from './rsa-keys.ts'
import { rsaSignatures } from './rsa-signatures.ts'
import { type Rule, type Section, sections } from './rules.ts'
import { otherSignatures } from './signatures.ts'
import { structure } from './structure.ts'
import { subjectRows } from './subject.ts'
import { subjectValues } from './subject-values.ts'
import { usages } from './usages.ts'
import { values } from './values.ts'

/** The rows of every section. */
export const rowsOfSections: { readonly [Name in Section]: Rows<Rule<Name>> } = {
  structure,
  attributes,
  lengths,
  values,
  pem,
  rsaKeys,
  ecKeys,
  otherKeys,
  rsaSignatures,
  ecdsaSignatures,
  otherSignatures,
  subject: subjectRows,
  subjectValues,
  dnsNames,
  names: nameRows,
  otherNames,
  usages,
  extensions: extensionRows,
}

/** All rows, each with the section of the rules and the rule that it breaks. */
export const allRows = sections.flatMap((section) =>
  Object.entries(rowsOfSections[section]).flatMap(([rule, rows]) =>
    rows.map((row) => ({ ...row, section, rule })),
  ),
)
