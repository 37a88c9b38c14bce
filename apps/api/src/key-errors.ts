import { ServiceError } from '@csr-foundry/service'

/** `pointer`: where a body names the key; left out where the path does. */
export const keyNotFound = (id: string, pointer?: string) =>
  new ServiceError('key_not_found', {
    detail: `The key ${id} was not found.`,
    ...(pointer !== undefined && { faults: [{ pointer, detail: 'names no key' }] }),
  })

export const keyInUse = (id: string) =>
  new ServiceError('key_in_use', { detail: `A request uses the key ${id}.` })
