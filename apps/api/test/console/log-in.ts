import type { TestApi } from '../start-api.ts'
import { password } from '../start-api.ts'

export const cookieName = '__Host-csr-foundry-session'
const formType = { 'content-type': 'application/x-www-form-urlencoded' }
const html = { accept: 'text/html,*/*', authorization: '' }

/** Somebody at a browser, who may have logged in. */
export type Browser = {
  readonly cookie: string
  /** What his forms bring along. */
  readonly csrf: string
  get(path: string, headers?: Readonly<Record<string, string>>): Promise<Page>
  /** Sends a form, with the CSRF token unless the fields have another. */
  post(path: string, fields?: Fields, headers?: Readonly<Record<string, string>>): Promise<Page>
}

export type Fields = Readonly<Record<string, string | readonly string[]>>
export type Page = { readonly status: number; readonly headers: Headers; readonly text: string }

export const logInAt = (api: TestApi, login: string, its = password) =>
  browserWith(api, '').post('/dashboard/login', { username: login, password: its })

/** A browser with the session of a login, or with none for an empty one. */
export async function openBrowser(api: TestApi, login: string): Promise<Browser> {
  if (login === '') return browserWith(api, '')
  const { status, headers, text } = await logInAt(api, login)
  const cookie = headers.getSetCookie()[0]?.split(';')[0]
  if (status !== 303 || !cookie) throw new Error(`${login}: ${status} ${text}`)
  const browser = browserWith(api, cookie)
  const { text: page } = await browser.get('/dashboard/account')
  return browserWith(api, cookie, /name="csrf" value="([^"]+)"/.exec(page)?.[1])
}

export function browserWith(api: TestApi, cookie: string, csrf = ''): Browser {
  const call = async (path: string, init: RequestInit) => {
    const headers = { ...html, ...(cookie && { cookie }), ...init.headers }
    const answer = await api.call(path, { ...init, headers })
    return { status: answer.status, headers: answer.headers, text: await answer.text() }
  }
  return {
    ...{ cookie, csrf },
    get: (path, headers = {}) => call(path, { headers }),
    post: (path, fields = {}, headers = {}) => {
      const body = new URLSearchParams()
      for (const [name, value] of Object.entries({ csrf, ...fields })) {
        for (const one of [value].flat()) body.append(name, one)
      }
      return call(path, {
        method: 'POST',
        headers: { ...formType, ...headers },
        body: String(body),
      })
    },
  }
}
