import type { WriteRefusal } from '@csr-foundry/records'

/** What is wrong with a Redis that takes no writes, and what the operator does. */
export const writeRefusals: Readonly<Record<WriteRefusal, string>> = {
  disk: 'Redis refuses to write, as it cannot write its file. Make room on its disk, or mend it; Redis then goes on by itself.',
  memory:
    'Redis refuses to write, as its memory is full. Delete requests that have been fetched, or raise maxmemory.',
  replica:
    'Redis refuses to write, as it is a replica. Let REDIS_URL lead to the primary, or make this one the primary.',
  replicas:
    'Redis refuses to write, as it has fewer replicas than min-replicas-to-write asks for. Bring them back, or lower it.',
}
