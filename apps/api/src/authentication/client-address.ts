/**
 * Where a call comes from. Headers about it are believed from trusted proxies alone: anybody can write them.
 */
import { isIP } from 'node:net'
import { textSetting } from '@csr-foundry/service'
import type { HttpBindings } from '@hono/node-server'
import type { Context } from 'hono'
import { createMiddleware } from 'hono/factory'
import proxyAddr from 'proxy-addr'
import { z } from 'zod'
import type { Env, Services } from '../services.ts'

/** Whether an address is a trusted proxy's. */
export type TrustedProxies = (address: string) => boolean

/** Reads a list of addresses and CIDRs. @throws {TypeError} where one of them is none */
export function trustProxies(list: readonly string[]): TrustedProxies {
  const trusts = proxyAddr.compile([...list])
  return (address) => trusts(address, 0)
}

/** `TRUSTED_PROXIES`. */
export const trustedProxiesSetting = textSetting(
  'addresses and CIDRs, separated by commas',
).transform((text, context): TrustedProxies => {
  const list = text.split(',').map((one) => one.trim())
  try {
    return trustProxies(list)
  } catch {
    const message = 'must be IP addresses or CIDRs, separated by commas, such as 10.0.0.0/8'
    context.addIssue({ code: 'custom', message })
    return z.NEVER
  }
})

/** Puts the address of the client into `address`; empty where the connection has none any more. */
export const clientAddress = ({ trustedProxies }: Services) =>
  createMiddleware<Env>((c, next) => {
    // Now: a client that has hung up by the end has no address any more.
    const peer = peerAddress(c)
    const forwarded = c.req.header('x-forwarded-for')
    c.set('address', forwarded ? behindProxies(peer, forwarded, trustedProxies) : peer)
    return next()
  })

/** The URL of the call with the scheme and the host that the client itself used. */
export function clientUrl({ trustedProxies }: Services, c: Context<Env>): URL {
  const url = new URL(c.req.url)
  if (!trustedProxies(peerAddress(c))) return url
  const scheme = /^https?$/.exec(firstOf(c.req.header('x-forwarded-proto')))?.[0]
  const host = firstOf(c.req.header('x-forwarded-host')) || url.host
  const own = `${scheme ?? url.protocol.slice(0, -1)}://${host}${url.pathname}${url.search}`
  return URL.canParse(own) ? new URL(own) : url
}

/** What one client can easily have many addresses of: of IPv6 a /64 (RFC 6177), of IPv4 the address. */
export function networkOf(address: string): string {
  if (isIP(address) !== 6) return address
  const [head = '', tail] = (address.split('%')[0] ?? '').split('::')
  const front = head === '' ? [] : head.split(':')
  const back = tail ? tail.split(':') : []
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - front.length - back.length)
  const groups = [...front, ...Array.from({ length: zeros }, () => '0'), ...back].slice(0, 4)
  return `${groups.map((group) => Number.parseInt(group, 16).toString(16)).join(':')}::/64`
}

function peerAddress(c: Context<Env>): string {
  const { incoming } = (c.env ?? {}) as Partial<HttpBindings>
  return plainAddress(incoming?.socket?.remoteAddress)
}

/** The first address from the right that no trusted proxy has; each proxy adds the one that it was called from. */
function behindProxies(peer: string, forwarded: string, trusts: TrustedProxies): string {
  const addresses = forwarded.split(',').map((one) => withoutPort(one.trim()))
  const headers = { 'x-forwarded-for': addresses.join(',') }
  const call = { socket: { remoteAddress: peer }, headers }
  const address = plainAddress(proxyAddr(call as never, trusts))
  return isIP(address) === 0 ? peer : address
}

/** Some proxies add the port: `192.0.2.1:443`, `[2001:db8::1]:443`. */
const withoutPort = (entry: string) =>
  /^\[([^\]]*)\](?::\d+)?$/.exec(entry)?.[1] ?? /^([\d.]+):\d+$/.exec(entry)?.[1] ?? entry

/** An IPv4 address that came in over a socket of IPv6. */
export const plainAddress = (address = '') => address.replace(/^::ffff:(?=\d+\.)/i, '')

const firstOf = (list: string | undefined) => (list ?? '').split(',')[0]?.trim() ?? ''
