import { afterAll, expect, vi } from 'vitest'
import { runningDescendants } from './running-descendants.ts'

const graceMs = 10_000

/**
 * Fails the test file in which it is called if processes that its tests started are left running:
 * servers, workers, anything. Call it before all other hooks, so that it looks after they are done.
 * It is a module of its own because it can be imported in vitest alone.
 */
export function leakGuard(): void {
  const before = new Set(runningDescendants().map(({ pid }) => pid))
  afterAll(async () => {
    await vi.waitFor(() => {
      const left = runningDescendants().filter(({ pid }) => !before.has(pid))
      expect(left, 'processes that this file started and did not end').toEqual([])
    }, graceMs)
  }, graceMs * 2)
}
