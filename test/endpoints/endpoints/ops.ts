import { at, type Endpoint } from '../endpoint.ts'

/** Of the lane that no other call here waits for; each act is followed by what takes it back. */
export const ops: readonly Endpoint[] = [
  ...['/v1/ops/overview', '/v1/ops/figures', '/v1/ops/events', '/metrics'].map(
    (route): Endpoint => ({
      method: 'GET',
      route,
      needs: 'operate',
      call: at(route === '/v1/ops/events' ? `${route}?count=1` : route),
      answers: 200,
    }),
  ),
  ...(['pause', 'resume'] as const).map(
    (what): Endpoint => ({
      method: 'POST',
      route: `/v1/ops/lanes/:lane/${what}`,
      needs: 'operate',
      call: at(`/v1/ops/lanes/slow/${what}`),
      answers: 200,
    }),
  ),
  ...(['drain', 'resume'] as const).map(
    (what): Endpoint => ({
      method: 'POST',
      route: `/v1/ops/workers/:id/${what}`,
      needs: 'operate',
      call: ({ worker }) => ({ path: `/v1/ops/workers/${worker}/${what}` }),
      answers: 200,
      about: 'worker',
    }),
  ),
  {
    method: 'PATCH',
    route: '/v1/ops/workers/:id/concurrency',
    needs: 'operate',
    call: ({ worker }) => ({ path: `/v1/ops/workers/${worker}/concurrency`, body: {} }),
    answers: 200,
    about: 'worker',
  },
  {
    method: 'GET',
    route: '/v1/ops/concurrency',
    needs: 'operate',
    call: at('/v1/ops/concurrency'),
    answers: 200,
  },
  {
    method: 'PATCH',
    route: '/v1/ops/concurrency',
    needs: 'operate',
    call: () => ({ path: '/v1/ops/concurrency', body: {} }),
    answers: 200,
  },
  {
    method: 'GET',
    route: '/v1/ops/dead-lots',
    needs: 'operate',
    call: at('/v1/ops/dead-lots'),
    answers: 200,
  },
  {
    method: 'POST',
    route: '/v1/ops/dead-lots/:id/retry',
    needs: 'operate',
    call: ({ deadLot }) => ({ path: `/v1/ops/dead-lots/${deadLot}/retry` }),
    answers: 202,
    about: 'deadLot',
  },
  {
    method: 'GET',
    route: '/v1/ops/failures',
    needs: 'operate',
    call: at('/v1/ops/failures'),
    answers: 200,
  },
  {
    method: 'POST',
    route: '/v1/ops/failures/retry',
    needs: 'operate',
    call: () => ({ path: '/v1/ops/failures/retry', body: { code: 'csr_not_made' } }),
    answers: 202,
  },
]
