import { retryFailuresBody } from '@csr-foundry/native-api'
import type { Retried, RetryPoint } from '@csr-foundry/records'
import type { ErrorCode } from '@csr-foundry/service'
import type { Context } from 'hono'
import { confirmCaller } from '../authentication/confirm-caller.ts'
import type { Env } from '../services.ts'
import { parseFields, readForm } from './forms.ts'
import type { Notice } from './notices.ts'

/** Each takes about a fifth of a second: a person waits so long for an answer, and goes on with the rest by another press. */
const mostSteps = 20

type Step = { readonly code: ErrorCode; readonly next: RetryPoint | undefined }

/** Queues what failed with the code of the form again, step by step; the caller is looked at between two. */
export async function retryAll(
  c: Context<Env>,
  retry: (step: Step) => Promise<Pick<Retried, 'next'>>,
): Promise<Notice> {
  const { code } = parseFields(retryFailuresBody, {
    code: ((await readForm(c)).get('code') ?? '') as ErrorCode,
  })
  let next: RetryPoint | undefined
  for (let steps = 0; steps < mostSteps; steps += 1) {
    const retried = await retry({ code, next })
    next = retried.next
    if (!next) return 'failures-retried'
    await confirmCaller(c)
  }
  return 'failures-partly-retried'
}
