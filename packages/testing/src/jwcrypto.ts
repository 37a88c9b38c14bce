import { execFileSync } from 'node:child_process'

/** Opens JWEs in Python's jwcrypto, a JOSE library other than ours, as it is installed: with nothing set or allowed. */
const program = `
import base64, json, sys
from jwcrypto import jwe, jwk
def opened(case):
    try:
        token = jwe.JWE()
        token.deserialize(case["jwe"], jwk.JWK(**case["key"]))
        return {"payload": base64.b64encode(token.payload).decode(), "header": token.jose_header}
    except Exception as error:
        return {"error": type(error).__name__}
if len(sys.argv) == 1:
    json.dump([opened(case) for case in json.load(sys.stdin)], sys.stdout)
`

// Debian's own has Debian's package; another python3 may come first on the PATH.
const python = ['/usr/bin/python3', 'python3'].find((command) => {
  try {
    execFileSync(command, ['-I', '-c', program, 'version'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
})

/** Whether it is on this machine. */
export const hasJwcrypto = python !== undefined

/** What to say where it is not. */
export const jwcryptoTitle = `jwcrypto${hasJwcrypto ? '' : ' (skipped: python3-jwcrypto is missing)'}`

type Case = { readonly jwe: string; readonly key: object }
type Opened = {
  readonly payload?: string
  readonly header?: Record<string, unknown>
  readonly error?: string
}

/** What it makes of each JWE with a private JWK, all in one process. */
export function openInJwcrypto(cases: readonly Case[]): Opened[] {
  const input = JSON.stringify(cases)
  return JSON.parse(String(execFileSync(python ?? '', ['-I', '-c', program], { input })))
}
