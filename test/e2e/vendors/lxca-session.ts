/** A session the way Lenovo's Python client (pylxca 4.2) has one: its calls in their order, with its headers. */
import { request as httpRequest, type IncomingHttpHeaders } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { buffer } from 'node:stream/consumers'
import { gunzipSync } from 'node:zlib'
import { expect } from 'vitest'
import { opensslText } from '../look.ts'
import { password } from '../start-service.ts'

const success = { result: 'success', messages: [{ id: 'FQXHMSE0001I' }] }

/** connect, test_connection, a CSR, tasks, the policy, and disconnect; `ca` is trusted beside the usual ones. */
export async function liveWithLxcaSession(url: string, user: string, ca?: Buffer): Promise<void> {
  const lxca = new PythonSession(url, ca)

  const stranger = new PythonSession(url, ca)
  expect(await stranger.connect(user, 'guessed')).toMatchObject({
    status: 401,
    json: { result: 'failure', messages: [{ id: 'FQXHMSE0291J' }] },
  })
  expect(stranger.cookies).toEqual(new Map())

  const login = await lxca.connect(user, password)
  expect(login).toMatchObject({
    status: 200,
    json: { ...success, response: { session: { UserId: user, csrf: lxca.csrf } } },
  })
  expect([...lxca.cookies.keys()]).toEqual(['JSESSIONID', 'csrf', 'inactivityTimeout', 'user'])
  const secure = login.headers['set-cookie']?.map((cookie) => cookie.includes('; Secure'))
  expect(secure).toEqual([1, 2, 3, 4].map(() => url.startsWith('https:')))

  expect(await lxca.call('GET', '/aicc')).toMatchObject({ status: 200, json: success })

  const post = await lxca.call('POST', '/certificateSigningRequest', { CommonName: 'node-7' })
  expect(post).toMatchObject({ status: 200, json: success })
  const path = post.json.response.path

  const csr = await lxca.call('GET', `/certificateSigningRequest?path=${path}&details=true`)
  expect(csr).toMatchObject({ status: 200, json: success })
  expect(opensslText(csr.json.response.CSR)).toContain('CN=PRINTABLESTRING:node-7')

  const done = { jobUID: path, jobState: 'Complete', percentage: 100, children: [] }
  expect(await lxca.call('GET', '/tasks')).toMatchObject({ status: 200, json: [done] })
  expect(await lxca.call('GET', '/tasks?compact=true')).toMatchObject({ json: [done] })
  expect(await lxca.call('GET', `/tasks/${path}`)).toMatchObject({ json: [done] })

  const settings = await lxca.call('GET', '/certificateSettings')
  expect(settings).toMatchObject({ json: { response: { CommonName: 'node-7', Country: 'US' } } })

  const policy = { json: { ...success, response: { specName: 'CNSA' } } }
  expect(await lxca.call('PUT', '/certificatePolicy', { specName: 'CNSA' })).toMatchObject(policy)
  expect(await lxca.call('GET', '/certificatePolicy')).toMatchObject(policy)

  const deleted = await lxca.call('DELETE', `/certificateSigningRequest?path=${path}`)
  expect(deleted).toMatchObject({ status: 200, json: success })
  expect(await lxca.call('GET', '/tasks')).toMatchObject({ status: 200, json: [] })

  const cookies = [...lxca.cookies]
  expect(await lxca.call('DELETE', '/sessions')).toMatchObject({ status: 200, json: success })
  expect(lxca.cookies).toEqual(new Map())
  for (const [name, value] of cookies) lxca.cookies.set(name, value)
  expect(await lxca.call('GET', '/tasks')).toMatchObject({ status: 401 })
}

type Answer = {
  readonly status: number | undefined
  readonly headers: IncomingHttpHeaders
  // biome-ignore lint/suspicious/noExplicitAny: what the service says is what the test is about
  readonly json: any
}

/** What `requests.session()` does for pylxca: headers that stay, a cookie jar, a length with every DELETE. */
class PythonSession {
  readonly cookies = new Map<string, string>()
  csrf: string | undefined
  readonly #url: string
  readonly #ca: Buffer | undefined

  constructor(url: string, ca: Buffer | undefined) {
    this.#url = url
    this.#ca = ca
  }

  async connect(UserId: string, password: string): Promise<Answer> {
    const headers = { Referer: `${this.#url}/sessions` }
    const answer = await this.call('POST', '/sessions', { UserId, password }, headers)
    this.csrf = this.cookies.get('csrf')
    return answer
  }

  async call(method: string, path: string, body?: object, headers = {}): Promise<Answer> {
    const text = body === undefined ? '' : JSON.stringify(body)
    const all = {
      'User-Agent': 'LXCA via Python Client / 4.2.0',
      'Accept-Encoding': 'gzip, deflate',
      Accept: '*/*',
      'content-type': 'application/json; charset=utf-8',
      ...(this.csrf !== undefined && { 'X-Csrf-Token': this.csrf }),
      ...(this.cookies.size > 0 && { Cookie: this.#cookieHeader() }),
      ...(method !== 'GET' && { 'Content-Length': String(Buffer.byteLength(text)) }),
      ...headers,
    }
    const response = await send(`${this.#url}${path}`, method, all, text, this.#ca)
    for (const cookie of response.headers['set-cookie'] ?? []) this.#keep(cookie)
    return response
  }

  #cookieHeader(): string {
    return [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
  }

  #keep(cookie: string): void {
    const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(cookie) ?? []
    if (/; Max-Age=0/i.test(cookie)) this.cookies.delete(name)
    else this.cookies.set(name, value)
  }
}

async function send(
  url: string,
  method: string,
  headers: Record<string, string>,
  body: string,
  ca: Buffer | undefined,
) {
  const secure = url.startsWith('https:')
  const options = { method, headers, agent: false, ...(secure && { ca }) }
  return await new Promise<Answer>((resolve, reject) => {
    const call = (secure ? httpsRequest : httpRequest)(url, options, async (response) => {
      const bytes = await buffer(response)
      const zipped = response.headers['content-encoding'] === 'gzip'
      const json = JSON.parse(String(zipped ? gunzipSync(bytes) : bytes))
      resolve({ status: response.statusCode, headers: response.headers, json })
    })
    call.on('error', reject).end(body)
  })
}
