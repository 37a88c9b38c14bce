import type { KeyAlgorithmName } from '@csr-foundry/csr'

/** Rows of a batch as NDJSON, a line each: devices with a subject and one name, and a ref each. */
export function* deviceLines(
  rows: number,
  algorithm: KeyAlgorithmName = 'ecdsa-p256',
): Generator<string> {
  for (let row = 0; row < rows; row++) {
    const host = `edge-${row}.fleet.example.com`
    const spec = {
      ref: `rack-${row}`,
      subject: { commonName: host, organization: 'ACME' },
      subjectAltNames: [{ type: 'dns', value: host }],
      key: { algorithm },
    }
    yield `${JSON.stringify(spec)}\n`
  }
}
