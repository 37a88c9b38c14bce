import { readFileSync } from 'node:fs'

/** For example `debian-12` or `ubuntu-24.04`; undefined on systems of another family. */
export function debianRelease(osRelease: string): string | undefined {
  const field = (name: string) => new RegExp(`^${name}="?([^"\\n]*)`, 'm').exec(osRelease)?.[1]
  const id = field('ID')
  const families = [id, ...(field('ID_LIKE') ?? '').split(' ')]
  if (!families.includes('debian') && !families.includes('ubuntu')) return undefined
  // Testing and unstable have no number, only a name.
  const release = field('VERSION_ID') ?? field('VERSION_CODENAME') ?? 'rolling'
  return `${id}-${release}`.replaceAll(/[^\w.-]/g, '_')
}

/** The same, of this machine. */
export function thisDebianRelease(): string | undefined {
  try {
    return debianRelease(readFileSync('/etc/os-release', 'utf8'))
  } catch {
    return undefined
  }
}
