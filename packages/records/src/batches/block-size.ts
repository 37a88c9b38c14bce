/** Rows of a block; only the last one of a batch has fewer. */
export const blockSize = 256
