/**
 * The program of the intake thread: reads the bodies of batches, so that nothing of it holds up the process's other calls.
 *
 * Rules: it has no secret and no connection. What is wrong with a body ends its job alone, and so does a bug that one meets.
 * Jobs take turns. Imports are narrow: what is loaded here is loaded a second time.
 */
import { parentPort, workerData } from 'node:worker_threads'
import { standBack } from '@csr-foundry/service/stand-back'
import { BatchReader } from './batch-reader.ts'
import type { IntakeStart, Message, OpenOrder, Order } from './thread-messages.ts'

const { niceness } = workerData as IntakeStart
// Who waits for one answer goes before who has sent a file, also where cores are few. Only Linux takes it of a thread alone:
// elsewhere it would be that of the whole process.
if (process.platform === 'linux') standBack(niceness)

const readers = new Map<number, BatchReader>()

parentPort?.on('message', (order: Order) => {
  if (order.does === 'show') say({ says: 'here', jobs: readers.size })
  else if (order.does === 'open') open(order)
  // Of a job that is over there can be orders on their way.
  else readers.get(order.job)?.obey(order)
})
parentPort?.postMessage('ready')

function open({ job, form }: OpenOrder): void {
  const reader = new BatchReader(job, form, say)
  readers.set(job, reader)
  const close = () => readers.delete(job)
  reader.run().then(close, close)
}

function say(message: Message): void {
  parentPort?.postMessage(message)
}
