import type { CsrContent } from '../../read-csr.ts'
import type { ProfileReport } from '../profile.ts'
import { publicDnsFault } from './public-dns-name.ts'
import { isReservedAddress } from './reserved-addresses.ts'

/** What a publicly trusted CA makes of the suffix itself, `co.uk`, differs. */
type PublicSuffixCode = 'public_tls_dns_name_public_suffix' | 'letsencrypt_dns_name_public_suffix'

/** Whether the dNSNames and iPAddresses are such as anybody can reach. */
export function checkPublicNames(
  { subjectAltNames }: CsrContent,
  report: ProfileReport,
  suffixCode: PublicSuffixCode,
): void {
  for (const [i, name] of subjectAltNames.entries()) {
    const pointer = `/subjectAltNames/${i}`
    if (name.type === 'dns') checkPublicName(name.value, pointer, report, suffixCode)
    if (name.type === 'ip' && isReservedAddress(name.value)) {
      const message = `The address ${name.value} is private, reserved or for documentation; a public address is needed.`
      report('public_name_ip_reserved', pointer, message)
    }
  }
}

/** Whether one host name is in the public DNS. */
export function checkPublicName(
  name: string,
  pointer: string,
  report: ProfileReport,
  suffixCode: PublicSuffixCode,
): void {
  const found = publicDnsFault(name)
  if (found === undefined) return
  const { kind, fault } = found
  const code = kind === 'public_suffix' ? suffixCode : (`public_name_${kind}` as const)
  report(code, pointer, `The dns name ${fault}.`)
}
