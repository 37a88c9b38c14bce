import { errorKinds, faultCodes } from '@csr-foundry/service'
import { expect, test } from 'vitest'
import { messageIds } from '../src/dialects/lxca/messages.ts'
import { errorDocs } from '../src/error-docs.ts'

test('/docs/errors has one place for every code and id that answers link to', async () => {
  const page = await (await errorDocs().request('/')).text()
  const places = [...page.matchAll(/ id="([^"]*)"/g)].map(([, id]) => id)
  const linked = [
    ...Object.keys(errorKinds),
    ...Object.values(messageIds),
    ...faultCodes,
    'tls_private_key_not_found',
  ]
  expect(places.toSorted()).toEqual(linked.toSorted())
})
