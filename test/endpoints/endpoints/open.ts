import { at, type Endpoint } from '../endpoint.ts'

export const open: readonly Endpoint[] = [
  '/healthz',
  '/readyz',
  '/docs',
  '/docs/errors',
  '/openapi.json',
].map((route) => ({
  method: 'GET',
  route,
  needs: 'nothing',
  call: at(route),
  answers: 200,
}))
