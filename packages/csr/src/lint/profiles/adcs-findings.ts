import type { FindingKind } from '../finding.ts'

/** What is wrong for Microsoft's Active Directory Certificate Services. */
export const adcsFindings = {
  adcs_template_missing: {
    severity: 'warning',
    source: 'MS-WCCE section 3.2.2.6.2.1.4.1',
    rule: 'A certificate template is named: an enterprise CA needs it here or beside the CSR.',
  },
  adcs_template_conflict: {
    severity: 'warning',
    source: 'MS-WCCE section 3.2.2.6.2.1.4.1',
    rule: 'A template is named once: by its name, or by its object identifier.',
  },
  adcs_key_usage_missing: {
    severity: 'warning',
    source: 'Microsoft KB 283789 (EnableRequestExtensionList)',
    rule: 'There is a key usage: a standalone CA takes it from the CSR.',
  },
  adcs_purpose_missing: {
    severity: 'warning',
    source: 'Microsoft KB 283789 (EnableRequestExtensionList)',
    rule: 'There is an extended key usage: a standalone CA takes it from the CSR.',
  },
  adcs_extension_ignored: {
    severity: 'warning',
    source: 'Microsoft KB 283789 (EnableRequestExtensionList)',
    rule: 'Only extensions are asked for that AD CS takes from a CSR.',
  },
  adcs_key_unsupported: {
    severity: 'error',
    source: 'Microsoft Learn: CNG Algorithm Identifiers',
    rule: 'The key is not an Ed25519 or Ed448 key, of which Windows knows nothing.',
  },
  adcs_key_ml_dsa: {
    severity: 'warning',
    source: 'Microsoft Learn: ML-DSA in AD CS (KB5087539)',
    rule: 'The key is not an ML-DSA key, which Windows Server 2025 knows since May 2026.',
  },
  adcs_subject_attribute: {
    severity: 'warning',
    source: 'AD CS registry value CA\\SubjectTemplate; gradenegger.eu',
    rule: 'The subject has emailAddress, CN, OU, O, L, ST, DC and C only.',
  },
} as const satisfies Record<string, FindingKind>
