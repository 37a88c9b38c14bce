import { runCommand } from './run-command.ts'

/**
 * OpenSSL's own table of object identifiers: dotted by long and by short name. It prints an OID by
 * name wherever it knows one, and cannot be told not to in most places. A name that two OIDs have
 * is left out.
 */
export async function opensslObjects(): Promise<ReadonlyMap<string, string>> {
  const { stdout } = await runCommand('openssl', ['list', '-objects'])
  const oids = new Map<string, string>()
  const twice = new Set<string>()
  for (const [, short = '', long, oid = ''] of stdout.toString('utf8').matchAll(line)) {
    for (const name of new Set([short, long ?? short])) {
      if (oids.has(name) && oids.get(name) !== oid) twice.add(name)
      oids.set(name, oid)
    }
  }
  for (const name of twice) oids.delete(name)
  return oids
}

/** `CN = commonName, 2.5.4.3`, or without the long name where it is the short one. */
const line = /^(.+?) = (?:(.+), )?([0-9]+(?:\.[0-9]+)+)$/gm

/** The dotted form of what OpenSSL printed for an OID; undefined if it is a name it does not list. */
export function dottedOid(printed: string, oids: ReadonlyMap<string, string>): string | undefined {
  return /^[0-9.]+$/.test(printed) ? printed : oids.get(printed)
}
