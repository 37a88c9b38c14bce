/** Batches of a tenant, taken in as far as a test needs them. */
import { hash, randomUUID } from 'node:crypto'
import type { Redis } from 'ioredis'
import {
  type ActingPlace,
  type BatchMode,
  type BlockTaken,
  blockSize,
  changeBlocks,
  completeLot,
  endIntake,
  type LotTicket,
  type NewBatch,
  openBatch,
  packRequest,
  type RequestResult,
  readBatch,
  startLot,
  takeBlock,
} from '../../src/index.ts'
import { aSpec, newRun, readyResult } from '../make-requests.ts'

/** An input: what row r is, and which rows are not valid. */
export type Input = {
  readonly rows: number
  readonly content?: string
  readonly isRejected?: (row: number) => boolean
  readonly perLot?: number
}

export const rejectEvery = (n: number) => (row: number) => row % n === 0

/** The blocks of an input, as whoever takes it in makes them. */
export function blocksOf(input: Input, owner: string) {
  const { rows, content = 'one', isRejected = () => false, perLot = 128 } = input
  const blocks = []
  for (let number = 0; number * blockSize < rows; number++) {
    const size = Math.min(blockSize, rows - number * blockSize)
    const all = Array.from({ length: size }, (_, offset) => number * blockSize + offset)
    const valid = all.filter((row) => !isRejected(row))
    const lots = []
    for (let from = 0; from < valid.length; from += perLot) {
      const ofLot = valid.slice(from, from + perLot)
      lots.push({
        lane: 'fast' as const,
        rows: ofLot.map((row) => ({
          offset: row % blockSize,
          ...packRequest({ spec: aSpec(`row-${row}`) }),
        })),
      })
    }
    const errors = [{ pointer: '/subject', detail: 'It is not valid.' }]
    const rejects = all.filter(isRejected).map((row) => ({ line: row + 2, errors }))
    const digest = hash('sha256', `${content} ${number} ${size}`, 'base64url')
    blocks.push({ owner, number, digest, size, lots, rejects })
  }
  return blocks
}

export const newOwner = () => randomUUID()

export async function open(
  redis: Redis,
  place: ActingPlace,
  batch: Partial<NewBatch> = {},
): Promise<string> {
  const usual = { mode: 'partial', owner: newOwner(), openLimit: 1_000 } as const
  const opened = await openBatch(redis, place, { ...usual, ...batch })
  if (!('id' in opened)) throw new Error('Too many are open.')
  return opened.id
}

/** Takes blocks in until one is lost; gives the answers. */
export async function takeAll(
  redis: Redis,
  place: ActingPlace,
  id: string,
  blocks: ReturnType<typeof blocksOf>,
): Promise<BlockTaken[]> {
  const answers: BlockTaken[] = []
  for (const block of blocks) answers.push(await takeBlock(redis, place, id, block))
  return answers
}

export const ticketsIn = (answers: readonly BlockTaken[]): LotTicket[] =>
  answers.flatMap((answer) => (answer.kind === 'taken' ? answer.tickets : []))

export type Made = { readonly id: string; readonly tickets: readonly LotTicket[] }

/** A whole batch; its tickets also where they come by its release. */
export async function makeBatch(
  redis: Redis,
  place: ActingPlace,
  input: Input,
  mode: BatchMode = 'partial',
): Promise<Made> {
  const owner = newOwner()
  const id = await open(redis, place, { mode, owner })
  const tickets = ticketsIn(await takeAll(redis, place, id, blocksOf(input, owner)))
  await endIntake(redis, place, id, owner)
  return { id, tickets: [...tickets, ...(await changeAll(redis, place, id))] }
}

export async function changeAll(redis: Redis, place: ActingPlace, id: string) {
  const tickets: LotTicket[] = []
  for await (const made of changeBlocks(redis, place, id)) tickets.push(...made)
  return tickets
}

/** Takes lots and ends them; gives how many requests took their result. */
export async function workOffAll(
  redis: Redis,
  tickets: readonly LotTicket[],
  result: (id: string) => RequestResult = readyResult,
): Promise<number> {
  let taken = 0
  for (const ticket of tickets) {
    const run = newRun(ticket)
    const start = await startLot(redis, run)
    if (start.kind !== 'started') continue
    const results = start.requests.map(({ id }) => result(id))
    taken += await completeLot(redis, run, start.tenant, results)
  }
  return taken
}

export async function countsOf(redis: Redis, place: ActingPlace, id: string) {
  return (await readBatch(redis, place, id))?.counts
}
