import type { UserView } from '@csr-foundry/native-api'
import type { User } from '@csr-foundry/records'
import { momentOf } from '../../../moment-of.ts'

export const userView = ({ name, login, roles, created }: User): UserView => ({
  ...{ name, login, roles: [...roles] },
  ...(created !== undefined && { created: momentOf(created) }),
  links: { self: `/v1/accounts/users/${name}` },
})
