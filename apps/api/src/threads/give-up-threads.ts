import { SetupError } from '@csr-foundry/service'

/**
 * Node's permission model does not bind threads: one that an intruder could start would read the master key file. There is no
 * way back. Without the permission model there is nothing to give up.
 *
 * @throws {SetupError} where this version of Node cannot do it
 */
export function giveUpThreads(): void {
  const permission = process.permission as DroppablePermission | undefined
  if (!permission) return
  permission.drop?.('worker')
  if (permission.has('worker')) {
    throw new SetupError(
      `Node.js ${process.version} cannot give up its permission for threads, without which the API would not be safe: use 24.21 or later.`,
    )
  }
}

/** `drop` is newer than the types of Node that are used here. */
type DroppablePermission = NodeJS.ProcessPermission & { drop?(scope: string): void }
