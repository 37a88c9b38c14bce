/** A signature algorithm under the names that the readers have for it. */
type Names = { name: string; aliases: readonly string[] }

/** The last arcs of the algorithms' OIDs; the ones with SHA-1 are of another generation. */
const arcs: Record<string, { rsa: number; ecdsa: string; dsa: string }> = {
  '1': { rsa: 5, ecdsa: '1', dsa: '1.2.840.10040.4.3' },
  '224': { rsa: 14, ecdsa: '3.1', dsa: '2.16.840.1.101.3.4.3.1' },
  '256': { rsa: 11, ecdsa: '3.2', dsa: '2.16.840.1.101.3.4.3.2' },
  '384': { rsa: 12, ecdsa: '3.3', dsa: '2.16.840.1.101.3.4.3.3' },
  '512': { rsa: 13, ecdsa: '3.4', dsa: '2.16.840.1.101.3.4.3.4' },
}

const names: readonly Names[] = [
  ...['1', '224', '256', '384', '512'].flatMap(hashed),
  { name: 'md4WithRSAEncryption', aliases: ['1.2.840.113549.1.1.3'] },
  {
    name: 'md5WithRSAEncryption',
    aliases: ['1.2.840.113549.1.1.4', 'RSA-MD5', 'MD5withRSA', 'MD5-RSA'],
  },
  {
    name: 'rsassaPss',
    aliases: [
      '1.2.840.113549.1.1.10',
      'rsassaPss',
      'RSASSA-PSS',
      'RSA-PSS-SHA256',
      'SHA256-RSAPSS',
    ],
  },
  { name: 'Ed25519', aliases: ['1.3.101.112', 'ED25519', 'EdDSA-Ed25519'] },
  { name: 'Ed448', aliases: ['1.3.101.113', 'ED448', 'EdDSA-Ed448'] },
  { name: 'ML-DSA-44', aliases: ['2.16.840.1.101.3.4.3.17', 'id-ml-dsa-44', 'MLDSA44'] },
  { name: 'ML-DSA-65', aliases: ['2.16.840.1.101.3.4.3.18', 'id-ml-dsa-65', 'MLDSA65'] },
  { name: 'ML-DSA-87', aliases: ['2.16.840.1.101.3.4.3.19', 'id-ml-dsa-87', 'MLDSA87'] },
]

const byAlias = new Map(
  names.flatMap(({ name, aliases }) => [name, ...aliases].map((alias) => [alias, name] as const)),
)

/** The standards' name of a signature algorithm; one that is not known keeps its reader's name. */
export function signatureAlgorithmName(said: string): string {
  return byAlias.get(said) ?? said
}

function hashed(size: string): Names[] {
  const arc = arcs[size]
  if (arc === undefined) return []
  return [
    {
      name: `sha${size}WithRSAEncryption`,
      aliases: [
        `1.2.840.113549.1.1.${arc.rsa}`,
        `RSA-SHA${size}`,
        `SHA${size}withRSA`,
        `SHA${size}-RSA`,
      ],
    },
    {
      name: `ecdsa-with-SHA${size}`,
      aliases: [`1.2.840.10045.4.${arc.ecdsa}`, `ECDSA-SHA${size}`, `SHA${size}withECDSA`],
    },
    {
      name: `dsa-with-sha${size}`,
      aliases: [
        arc.dsa,
        `dsa_with_SHA${size}`,
        `dsaWithSHA${size}`,
        `DSA-SHA${size}`,
        `SHA${size}withDSA`,
      ],
    },
  ]
}
