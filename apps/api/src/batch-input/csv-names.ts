import { isIP } from 'node:net'

/** A name of a cell, of the type that it is to be held to. */
export type CellName = { type: 'dns' | 'ip' | 'email' | 'uri'; value: string }

const separators = /[ \t\r\n;]+/

const isType = (text: string): text is CellName['type'] =>
  ['dns', 'ip', 'email', 'uri'].includes(text)

/**
 * The names of a cell, separated by spaces, line ends or semicolons, each with its type in front, in either case, or bare. A bare
 * one is an address if it is one, a URI if it has `://`, a mailbox if it has `@`, else a host name; whether it is a sound one
 * is for the rules of that type. So no host name or URI is anything else by mistake: `10.0.0` is refused, not a host.
 *
 * @example
 * ```ts
 * namesOfCell('edge-1.example.com; 192.0.2.10 uri:urn:rack:12') // => [{ type: 'dns', value: 'edge-1.example.com' }, { type: 'ip', value: '192.0.2.10' }, { type: 'uri', value: 'urn:rack:12' }]
 * ```
 */
export function namesOfCell(cell: string): CellName[] {
  return cell
    .split(separators)
    .filter((text) => text !== '')
    .map(nameOf)
}

function nameOf(text: string): CellName {
  if (isIP(text) !== 0) return { type: 'ip', value: text }
  const colon = text.indexOf(':')
  const prefix = text.slice(0, Math.max(colon, 0)).toLowerCase()
  if (isType(prefix)) return { type: prefix, value: text.slice(colon + 1) }
  if (text.includes('://')) return { type: 'uri', value: text }
  return { type: text.includes('@') ? 'email' : 'dns', value: text }
}
