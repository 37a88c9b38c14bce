/**
 * Loaded into an API process before its program (`node --import`): does what an intruder in it could do, and looks at its
 * memory, when the test says so.
 */
import { register, syncBuiltinESMExports } from 'node:module'
import v8 from 'node:v8'
import workerThreads from 'node:worker_threads'

const threads = []
const { Worker } = workerThreads
workerThreads.Worker = class extends Worker {
  constructor(program, options) {
    super(program, options)
    threads.push({ name: options.name, thread: this })
  }
}
syncBuiltinESMExports()

// What the search in a snapshot must find; joined here, so that it is not found in this text.
globalThis.canary = ['a string that', 'is in the heap'].join(' ')

const codeOf = (attempt) => {
  try {
    attempt()
    return 'done'
  } catch (error) {
    return error.code
  }
}

const answers = {
  intrude: ({ files }) => ({
    permissions: ['worker', 'child', 'fs.write', 'inspector', 'addon', 'wasi'].filter((scope) =>
      process.permission.has(scope),
    ),
    thread: codeOf(() => new Worker('0', { eval: true })),
    hooks: codeOf(() => register('data:text/javascript,')),
    child: codeOf(() => process.getBuiltinModule('child_process').spawnSync('true')),
    inspector: codeOf(() => {
      const { Session } = process.getBuiltinModule('inspector')
      new Session().connect()
    }),
    files: files.map((file) => codeOf(() => process.getBuiltinModule('fs').readFileSync(file))),
  }),
  snapshot: async ({ folder }) => {
    v8.writeHeapSnapshot(`${folder}/main.heapsnapshot`)
    const { pipeline } = await import('node:stream/promises')
    const { createWriteStream } = await import('node:fs')
    for (const { name, thread } of threads) {
      const file = createWriteStream(`${folder}/${name}.heapsnapshot`)
      await pipeline(await thread.getHeapSnapshot(), file)
    }
    return { threads: threads.map(({ name }) => name) }
  },
  stopThread: async (question) => {
    await threads.find(({ name }) => name === question.name).thread.terminate()
    return {}
  },
}

process.on('message', async (message) => {
  try {
    process.send({ answer: await answers[message.ask](message) })
  } catch (error) {
    process.send({ failed: String(error) })
  }
})
