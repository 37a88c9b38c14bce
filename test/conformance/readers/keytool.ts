import { join } from 'node:path'
import { startLineProcess } from './line-process.ts'
import { abilities, type CsrReader } from './reader.ts'
import { outputOf } from './run-command.ts'

const program = join(import.meta.dirname, 'keytool', 'Reader.java')

const internals = ['pkcs10', 'x509', 'util', 'tools.keytool'].map(
  (name) => `java.base/sun.security.${name}=ALL-UNNAMED`,
)

/**
 * The JDK's reader of CSRs, which is keytool's. `JAVA_HOME` chooses the JDK: from 24 on it knows
 * ML-DSA. It verifies the signature as it reads, so that one that does not verify is a refusal.
 */
export const keytool: CsrReader = {
  name: 'keytool',
  debianPackages: ['openjdk-17-jdk-headless'],
  version: async () => {
    // The compiler's module is what a JRE has not.
    const module = await outputOf(java('java'), ['--describe-module', 'jdk.compiler'])
    return module?.match(/^jdk.compiler@(\S+)/)?.[1]
  },
  debianVersion: '17.',
  can: abilities({
    // It keeps the extensions in a map.
    no: ['extensionOrder'],
    algorithms: { 'ml-dsa-44': 'refuses', 'ml-dsa-65': 'refuses', 'ml-dsa-87': 'refuses' },
  }),
  start: async () =>
    startLineProcess(java('java'), [
      // It starts a second sooner.
      '-XX:+UseSerialGC',
      ...internals.flatMap((name) => ['--add-exports', name]),
      '--add-opens',
      'java.base/sun.security.tools.keytool=ALL-UNNAMED',
      program,
    ]),
}

/** The path of a program of the JDK that is used. */
export function java(command: string): string {
  const home = process.env.JAVA_HOME
  return home === undefined || home === '' ? command : join(home, 'bin', command)
}
