import type { Role } from '@csr-foundry/records'
import { html } from 'hono/html'

const meanings: Readonly<Record<Role, string>> = {
  submit: 'hand in, retry, cancel; import and destroy keys',
  read: 'see batches, requests, CSRs, keys',
  export: 'export keys',
  audit: 'read the audit',
  admin: 'users, tokens, policy',
  operate: 'queues, workers, Redis of the installation',
  tenants: 'make and close tenants',
}

/** The roles that somebody of the tenant can have, to be ticked. */
export const roleBoxes = (tenant: string, ticked: readonly string[]) =>
  html`<fieldset class="roles"><legend>Roles</legend>${rolesOf(tenant).map(
    (role) =>
      html`<label class="tick"><input type="checkbox" name="roles" value="${role}"${ticked.includes(role) ? html` checked` : ''}><span><b>${role}</b> <span class="muted">${meanings[role]}</span></span></label>`,
  )}</fieldset>`

const rolesOf = (tenant: string): Role[] =>
  (Object.keys(meanings) as Role[]).filter(
    (role) => tenant === 'default' || (role !== 'operate' && role !== 'tenants'),
  )

export const roleList = (roles: readonly Role[]) =>
  roles.length === 0
    ? html`<span class="muted">none</span>`
    : html`<span class="tags">${roles.map((role) => html`<span class="tag">${role}</span>`)}</span>`
