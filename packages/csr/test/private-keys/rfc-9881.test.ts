import { expect, it } from 'vitest'
import { exportPrivateKey, importPrivateKey } from '../../src/index.ts'

// RFC 9881 appendix C: the seed 00 to 1f as seed-only PKCS #8, and how its public key starts and ends.
it.each([
  [
    'ml-dsa-44',
    'MDQCAQAwCwYJYIZIAWUDBAMRBCKAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f',
    'MIIFMjALBglghkgBZQMEAxEDggUhANeytHJUquDbReeTDUqY0sl9jxOX0Xidr6Fw',
    '7e+meTaaIgJ2YVHxapZfn4Hs52zAcLVYaeTbl4TPBcgwsyQsgxI=',
  ],
  [
    'ml-dsa-65',
    'MDQCAQAwCwYJYIZIAWUDBAMSBCKAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f',
    'MIIHsjALBglghkgBZQMEAxIDggehAEhoPZGXjjHrPd24sEc0gtK4il9iWUn9j1il',
    '8tU4E5SKaToPk+ecRspdWm3KPSjKUK0YvRP8pVBZ3ZsYX3n5xHGWpOgbIQS8RgoFHgLy6ERP',
  ],
  [
    'ml-dsa-87',
    'MDQCAQAwCwYJYIZIAWUDBAMTBCKAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f',
    'MIIKMjALBglghkgBZQMEAxMDggohAJeSvOwvJDBoaoL8zzwvX/Zl53HXq0G5AljP',
    '5VvgYiIvi6kKl0BzMmsxISrs4KNKYA==',
  ],
])(
  'the published seed of %s gives the published public key, and comes back',
  async (algorithm, seed, start, end) => {
    const key = await importPrivateKey(Buffer.from(seed, 'base64'))
    const spki = key.spki.toString('base64')
    expect(key.algorithm).toBe(algorithm)
    expect([spki.slice(0, start.length), spki.slice(-end.length)]).toEqual([start, end])
    expect(exportPrivateKey(key).toString('base64')).toBe(seed)
  },
)
