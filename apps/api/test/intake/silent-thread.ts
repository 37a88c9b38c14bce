/** A thread that says that it is ready, and nothing more. */
import { parentPort } from 'node:worker_threads'

parentPort?.on('message', () => {})
parentPort?.postMessage('ready')
