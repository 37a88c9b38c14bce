import { buildCsr, lintCsr, proveCsr, readCsr, type Spec, specSchema } from '@csr-foundry/csr'

/**
 * What the package itself finds wrong with a CSR that it made: its proof, its lint (errors; and
 * warnings that a spec can avoid), and whether what was read is a spec that gives the same CSR
 * again.
 */
export async function ownFaults(der: Buffer, spec: Spec, spki: Buffer): Promise<string[]> {
  try {
    proveCsr(der, { spec, spki })
    const errors = lintCsr(der).findings.filter(({ severity }) => severity === 'error')
    return [
      ...errors.map(({ code, pointer }) => `lint: ${code} at ${pointer}`),
      ...(await returnFaults(der, spki)),
    ]
  } catch (error) {
    return [`the package refuses its own CSR: ${error}`]
  }
}

/** Reading gives the spec back: taken as a new spec, it asks for the very same CSR. */
async function returnFaults(der: Buffer, spki: Buffer): Promise<string[]> {
  const { subject, subjectAltNames, key, extensions, attributes, signature } = readCsr(der)
  const again = specSchema.safeParse({ subject, subjectAltNames, key, extensions, attributes })
  if (!again.success) {
    return again.error.issues.map(({ path, message }) => `read back, ${path.join('/')} ${message}`)
  }
  const { key: readKey, ...rest } = again.data
  if ('id' in readKey) return ['read back, its key is another']
  const rebuilt = await buildCsr({ ...rest, key: readKey }, spki, () => signature)
  return rebuilt.equals(der) ? [] : ['read back, it asks for another CSR']
}
