import type { Context } from 'hono'
import type { Env } from '../services.ts'
import { errorAlert, expected } from './error-page.ts'
import { answerPage, type Html, type Page } from './layout.ts'

/**
 * Answers a form that makes something: with the page of what was made, or where its fields are refused with `again`, the page of the
 * form with what was entered and with what is wrong.
 */
export async function answerNew(
  c: Context<Env>,
  make: () => Promise<Page>,
  again: (alert: Html) => Promise<Page>,
): Promise<Response> {
  try {
    return await answerPage(c, await make(), 201)
  } catch (thrown) {
    return await answerPage(c, await again(errorAlert(expected(thrown))), 400)
  }
}
