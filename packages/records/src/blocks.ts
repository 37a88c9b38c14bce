/** For who makes blocks of rows and has nothing to do with Redis: its client is not loaded. */
export { blockSize } from './batches/block-size.ts'
export { packRequest } from './packed-request.ts'
