import { expect, test } from 'vitest'
import { FairGate } from '../src/fair-gate.ts'

/** Work that ends when it is told to; `order` has the names of what has begun. */
function works(gate: FairGate) {
  const order: string[] = []
  const ends: (() => void)[] = []
  const bring = (owner: string, name = owner) =>
    gate.run(owner, async () => {
      order.push(name)
      await new Promise<void>((resolve) => ends.push(resolve))
      return name
    })
  const endOne = async () => {
    ends.shift()?.()
    await new Promise(setImmediate)
  }
  return { order, bring, endOne }
}

test('so much runs at once and so much waits, of all and of each owner; the rest is turned away at once', async () => {
  const { order, bring, endOne } = works(
    new FairGate({ running: 2, waiting: 3 }, { running: 1, waiting: 2 }),
  )
  const mine = [bring('a', 'a1'), bring('a', 'a2'), bring('a', 'a3')]
  expect(await bring('a', 'a4')).toBeUndefined()
  const others = [bring('b'), bring('c')]
  expect(await bring('d')).toBeUndefined()
  expect(order).toEqual(['a1', 'b'])
  for (let i = 0; i < 5; i++) await endOne()
  expect(await Promise.all([...mine, ...others])).toEqual(['a1', 'a2', 'a3', 'b', 'c'])
  expect(order).toHaveLength(5)
})

test('owners take turns, however much one of them has brought before the others came', async () => {
  const { order, bring, endOne } = works(
    new FairGate({ running: 1, waiting: 20 }, { running: 1, waiting: 10 }),
  )
  const all = ['a1', 'a2', 'a3', 'a4', 'b1', 'b2', 'c1'].map((name) => bring(name[0] ?? '', name))
  for (let i = 0; i < 7; i++) await endOne()
  await Promise.all(all)
  expect(order).toEqual(['a1', 'a2', 'b1', 'c1', 'a3', 'b2', 'a4'])
})

test('a place that only its owner could not take is taken by the next who comes', async () => {
  const { order, bring, endOne } = works(
    new FairGate({ running: 2, waiting: 9 }, { running: 1, waiting: 9 }),
  )
  const all = [bring('a', 'a1'), bring('a', 'a2'), bring('b')]
  expect(order).toEqual(['a1', 'b'])
  for (let i = 0; i < 3; i++) await endOne()
  await Promise.all(all)
  expect(order).toEqual(['a1', 'b', 'a2'])
})

test('work that fails gives its place back, and nothing is kept of an owner who is done', async () => {
  const gate = new FairGate({ running: 1, waiting: 1 }, { running: 1, waiting: 1 })
  const fail = gate.run('a', () => Promise.reject(new Error('failed')))
  const next = gate.run('a', async () => 'done')
  await expect(fail).rejects.toThrow('failed')
  expect(await next).toBe('done')
  expect(await gate.run('b', async () => 'done')).toBe('done')
})
