import { expect, test } from 'vitest'
import {
  addHistograms,
  bucketBounds,
  emptyHistogram,
  percentile,
  percentilesOf,
} from '../../src/figures/histogram.ts'

const counted = (counts: Record<number, number>) =>
  emptyHistogram.map((_, bucket) => counts[bucketBounds[bucket] ?? Number.POSITIVE_INFINITY] ?? 0)

test('of nothing there is no percentile', () => {
  expect(percentilesOf(emptyHistogram)).toBeUndefined()
})

test('a percentile lies within the bucket of its rank', () => {
  // 90 within (5, 10], 10 within (100, 200].
  const histogram = counted({ 10: 90, 200: 10 })
  expect(percentile(histogram, 0.5)).toBeCloseTo(5 + (5 * 50) / 90)
  expect(percentile(histogram, 0.95)).toBeCloseTo(150)
  expect(percentile(histogram, 1)).toBe(200)
})

test('what is beyond all bounds counts as the last of them', () => {
  expect(percentilesOf(counted({ [Number.POSITIVE_INFINITY]: 1 }))?.p99).toBe(1_800_000)
})

test('histograms of shards and minutes add up', () => {
  const sum = addHistograms(counted({ 1: 2, 10: 1 }), counted({ 10: 3 }))
  expect(sum).toEqual(counted({ 1: 2, 10: 4 }))
})
