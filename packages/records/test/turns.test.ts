import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { Turns } from '../src/turns.ts'

/** Work that ends when it is told to. */
function workOf(turns: Turns, owner: string, begun: string[], name: string) {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const done = turns.take(owner, () => {
    begun.push(name)
    return promise
  })
  return { done, end: resolve, fail: () => reject(new Error('failed')) }
}

test('so much of one owner runs at once, the rest in its order; others do not wait, failures keep no place', async () => {
  const turns = new Turns(2)
  const begun: string[] = []
  const works = ['a', 'b', 'c', 'd'].map((name) => workOf(turns, 'one', begun, name))
  const other = workOf(turns, 'other', begun, 'x')
  await sleep(0)
  expect(begun).toEqual(['a', 'b', 'x'])
  works[1]?.fail()
  await expect(works[1]?.done).rejects.toThrow('failed')
  await sleep(0)
  expect(begun).toEqual(['a', 'b', 'x', 'c'])
  works[0]?.end()
  await works[0]?.done
  const late = workOf(turns, 'one', begun, 'e')
  await sleep(0)
  expect(begun).toEqual(['a', 'b', 'x', 'c', 'd'])
  for (const work of [...works, other, late]) work.end()
  await Promise.all([...works.filter((_, i) => i !== 1), other, late].map(({ done }) => done))
  expect(begun.at(-1)).toBe('e')
})
