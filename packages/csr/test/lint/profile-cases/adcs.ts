import { rdns } from '../../make-csr.ts'
import { extendedKeyUsage, host, keyUsage, microsoftTemplateName } from '../good-specs.ts'
import type { Case } from './case.ts'

export const adcs: readonly Case[] = [
  ['adcs', 'adcs_template_missing', '/extensions', { extensions: { keyUsage, extendedKeyUsage } }],
  [
    'adcs',
    'adcs_template_conflict',
    '/extensions/microsoftTemplate',
    {
      extensions: {
        keyUsage,
        extendedKeyUsage,
        microsoftTemplateName,
        microsoftTemplate: { oid: '1.3.6.1.4.1.311.21.8.1' },
      },
    },
  ],
  [
    'adcs',
    'adcs_key_usage_missing',
    '/extensions',
    { extensions: { extendedKeyUsage, microsoftTemplateName } },
  ],
  [
    'adcs',
    'adcs_purpose_missing',
    '/extensions',
    { extensions: { keyUsage, microsoftTemplateName } },
  ],
  [
    'adcs',
    'adcs_extension_ignored',
    '/extensions/mustStaple',
    { extensions: { keyUsage, extendedKeyUsage, microsoftTemplateName, mustStaple: true } },
  ],
  ['adcs', 'adcs_key_unsupported', '/key', { key: { algorithm: 'ed25519' } }],
  ['adcs', 'adcs_key_ml_dsa', '/key', { key: { algorithm: 'ml-dsa-65' } }],
  [
    'adcs',
    'adcs_subject_attribute',
    '/subject/0/0/value',
    { subject: rdns(['postalCode', '95028'], ['CN', host]) },
  ],
]
