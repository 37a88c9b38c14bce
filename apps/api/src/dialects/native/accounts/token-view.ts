import type { TokenView } from '@csr-foundry/native-api'
import type { Token } from '@csr-foundry/records'
import { momentOf } from '../../../moment-of.ts'

export const tokenView = (token: Token): TokenView => {
  const { id, name, user, roles, created, createdBy, expires, lastUsed } = token
  return {
    ...{ id, name },
    ...(user !== undefined && { user }),
    ...{ roles: [...roles], created: momentOf(created), createdBy },
    ...(expires !== undefined && { expires: momentOf(expires) }),
    expired: expires !== undefined && expires <= Date.now(),
    ...(lastUsed !== undefined && { lastUsed: momentOf(lastUsed) }),
    links: { self: `/v1/accounts/tokens/${id}` },
  }
}
