import { readdirSync, readFileSync } from 'node:fs'

/** A process that another one started, itself or through others. */
export interface Descendant {
  readonly pid: number
  readonly command: string
}

/** The descendants of a process that still run. Linux only: elsewhere there is no /proc to ask, and none is found. */
export function runningDescendants(ancestor = process.pid): Descendant[] {
  const children = childrenByParent()
  const found: Descendant[] = []
  for (const queue = [ancestor]; queue.length > 0; ) {
    const next = children.get(queue.shift() as number) ?? []
    found.push(...next)
    queue.push(...next.map(({ pid }) => pid))
  }
  return found
}

function childrenByParent(): Map<number, Descendant[]> {
  const children = new Map<number, Descendant[]>()
  for (const pid of processIds()) {
    // "pid (name) state parent …", where the name may hold spaces and parentheses.
    const [state, parent] = textOf(pid, 'stat')
      .replace(/^.*\) /s, '')
      .split(' ')
    if (parent === undefined || state === 'Z') continue
    const command = textOf(pid, 'cmdline').replaceAll('\0', ' ').trim()
    const siblings = children.get(Number(parent)) ?? []
    children.set(Number(parent), [...siblings, { pid, command }])
  }
  return children
}

function processIds(): number[] {
  try {
    return readdirSync('/proc').map(Number).filter(Number.isInteger)
  } catch {
    return []
  }
}

function textOf(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8')
  } catch {
    // It ended in the meantime.
    return ''
  }
}
