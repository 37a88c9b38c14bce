/** What the pages of users, tokens and tenants have in common: a list by name, and below it the form that makes one more. */
import type { Role } from '@csr-foundry/records'
import type { Context } from 'hono'
import { html } from 'hono/html'
import type { Env } from '../../services.ts'
import { postForm } from '../forms.ts'
import type { Html, Page } from '../layout.ts'
import { type Column, older, table } from './table.ts'

/** So many stand on one page. */
export const accountsPerPage = 100

/** `next`: the one after which the list goes on. */
export type AccountList<Row> = {
  readonly title: string
  readonly path: string
  readonly alert: Html
  readonly columns: readonly Column<Row>[]
  readonly rows: readonly Row[]
  readonly next: string | undefined
  /** What stands in place of a list of none. */
  readonly nothing?: Html
  readonly form: { readonly title: string; readonly fields: Html; readonly act: string }
}

export const accountListPage = <Row>(
  c: Context<Env>,
  { title, path, alert, columns, rows, next, nothing = '', form }: AccountList<Row>,
): Page => ({
  title,
  main: html`${alert}${rows.length === 0 ? nothing : table(title, columns, rows)}${next && older(path, { after: next }, 'More')}
<section class="panel" aria-labelledby="new"><h2 id="new">${form.title}</h2>${postForm(
    c,
    path,
    html`${form.fields}<button class="primary">${form.act}</button>`,
    'stack',
  )}</section>`,
})

type NameField = {
  readonly label: string
  readonly value: string
  /** Of the field; `name` unless told. */
  readonly name?: string
  /** What the schema holds it to, as a pattern of HTML, its length and words. */
  readonly rule?: { readonly pattern: string; readonly longest: number; readonly words: string }
}

const usual = {
  ...{ pattern: '[\\w.\\-]+', longest: 64 },
  words: 'Letters, digits, dots, dashes, underscores',
}

/** The name of something new. */
export const nameField = ({ label, value, name = 'name', rule = usual }: NameField): Html =>
  html`<label>${label}<input name="${name}" value="${value}" required maxlength="${rule.longest}" pattern="${rule.pattern}" autocapitalize="none" spellcheck="false" autocomplete="off" aria-describedby="${name}-rule"><span class="muted" id="${name}-rule">${rule.words}</span></label>`

/** Of somebody new: his name and what he may. */
export type NameAndRoles = { readonly name: string; readonly roles: readonly Role[] }

export const firstRoles: NameAndRoles = { name: '', roles: ['submit', 'read'] }

/** As a form has them; a schema says what they are good for. */
export const nameAndRolesOf = (form: URLSearchParams): NameAndRoles => ({
  name: form.get('name') ?? '',
  roles: form.getAll('roles') as Role[],
})
