/** Passwords that the console makes: who gives one away does not choose it, and its user changes it when he has logged in. */
import { randomBytes } from 'node:crypto'
import { html } from 'hono/html'
import type { Page } from '../layout.ts'
import { shownOnce } from './shown-once.ts'

/** 144 bits. */
export const newPassword = () => randomBytes(18).toString('base64url')

type Made = { readonly title: string; readonly login: string; readonly password: string }

/** `above`: the page of all of its kind. */
export const passwordPage = (
  above: NonNullable<Page['above']>[number],
  { title, login, password }: Made,
): Page => ({
  title,
  above: [above],
  main: shownOnce(
    'password',
    password,
    html`It is for <b>${login}</b>. Nobody can look it up again; give it to him in a safe way, and let him change it at “Your account”.`,
    above.path,
  ),
})
