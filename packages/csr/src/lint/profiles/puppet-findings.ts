import type { FindingKind } from '../finding.ts'

const authority = (functions: string) =>
  `puppetlabs/puppetserver certificate_authority.clj ${functions}`

/** What is wrong for Puppet Server's CA. */
export const puppetFindings = {
  puppet_certname_missing: {
    severity: 'error',
    source: authority('validate-subject!'),
    rule: 'There is a common name: the certname.',
  },
  puppet_certname_case: {
    severity: 'error',
    source: authority('validate-subject!'),
    rule: 'The certname is in lower case.',
  },
  puppet_certname_form: {
    severity: 'error',
    source: authority('validate-subject!'),
    rule: 'The certname is labels of letters, digits, - and _ that end in no -; the first starts with no -.',
  },
  puppet_extension: {
    severity: 'error',
    source: authority('validate-extensions!'),
    rule: "Extensions are subjectAltName and those below Puppet's 1.3.6.1.4.1.34380.1.1, .2 and .3.",
  },
  puppet_authorization_extension: {
    severity: 'warning',
    source: authority('ensure-no-authorization-extensions!'),
    rule: 'There is no authorization extension; the CA has to be set up for it.',
  },
  puppet_san: {
    severity: 'warning',
    source: authority('ensure-subject-alt-names-allowed!'),
    rule: 'The only alternative name is the certname; the CA has to be set up for others.',
  },
  puppet_san_type: {
    severity: 'warning',
    source: authority('validate-subject-alt-names!'),
    rule: 'Subject alternative names are dNSNames and iPAddresses only.',
  },
  puppet_san_wildcard: {
    severity: 'warning',
    source: authority('validate-subject-alt-names!'),
    rule: 'A dNSName has no wildcard.',
  },
  puppet_subject_ignored: {
    severity: 'warning',
    source: authority('maybe-sign-one'),
    rule: 'The subject is the certname alone; the rest would be left out.',
  },
} as const satisfies Record<string, FindingKind>
