import { certtool } from './certtool.ts'
import { go } from './go.ts'
import { keytool } from './keytool.ts'
import { openssl } from './openssl.ts'
import { python } from './python.ts'
import type { CsrReader } from './reader.ts'

/** Every foreign program that is asked for its opinion of a CSR. */
export const csrReaders: readonly CsrReader[] = [openssl, certtool, keytool, go, python]
