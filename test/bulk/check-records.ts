import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fromPem, readCsr } from '@csr-foundry/csr'
import { shardTag } from '@csr-foundry/records'
import type { Redis } from 'ioredis'
import type { Device } from './fleet.ts'
import type { IndexRow } from './index-file.ts'

const atOnce = 500

/**
 * Holds index.csv and the files against the records in Redis, not against what the service has sent: path, ref, state, id of the
 * key, and the CSR and its public key byte for byte. Gives what does not match.
 */
export async function checkRecords(
  redis: Redis,
  folder: string,
  index: readonly IndexRow[],
  devices: Iterable<Device>,
): Promise<string[]> {
  const faults = orderFaults(index, devices)
  for (let from = 0; from < index.length; from += atOnce) {
    const rows = index.slice(from, from + atOnce)
    const checked = await Promise.all(
      rows.map((row) =>
        recordFault(redis, folder, row).catch((error) => `${row.path}: ${error.message}`),
      ),
    )
    faults.push(...checked.filter((fault) => fault !== undefined))
  }
  return faults
}

/** The index has the rows of the input in their order, each once, under a path of its own. */
function orderFaults(index: readonly IndexRow[], devices: Iterable<Device>): string[] {
  const asked = Array.from(devices, ({ ref }) => ref)
  const faults = asked.flatMap((ref, row) =>
    index[row]?.ref === ref ? [] : [`line ${row + 2} has ${index[row]?.ref} and not ${ref}`],
  )
  if (index.length > asked.length) faults.push(`${index.length - asked.length} lines too many`)
  for (const name of ['path', 'file', 'keyId'] as const) {
    const different = new Set(index.map((row) => row[name])).size
    if (different !== index.length)
      faults.push(`only ${different} lines have a ${name} of their own`)
  }
  return faults
}

async function recordFault(
  redis: Redis,
  folder: string,
  { path, ref, state, file, keyId }: IndexRow,
): Promise<string | undefined> {
  const tenant = `${shardTag(0)}:t:default`
  const [record, spki, pem] = await Promise.all([
    redis.hmgetBuffer(`${tenant}:request:${path}`, 'state', 'ref', 'key', 'csr'),
    redis.hgetBuffer(`${tenant}:key:${keyId}`, 'spki'),
    readFile(join(folder, file), 'utf8'),
  ])
  const [csr] = record.splice(3)
  const told = record.map(String)
  if (told.join('\n') !== [state, ref, keyId].join('\n') || state !== 'ready') {
    return `${path}: the record has ${told}, the index ${[state, ref, keyId]}`
  }
  const der = fromPem(pem)
  if (!csr?.equals(der)) return `${path}: ${file} is another CSR than the record's`
  if (!spki?.equals(readCsr(der).spki)) return `${path}: the key ${keyId} is not its CSR's`
  return undefined
}
