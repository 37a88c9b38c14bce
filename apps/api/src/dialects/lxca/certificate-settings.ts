/**
 * GET /certificateSettings: the subject of the newest request, whichever API it came by; what it does not have is an
 * empty string. Before the first request, what POST takes for attributes that are left out.
 */
import {
  type AttributeType,
  type AttributeTypeAndValue,
  type ReadAttribute,
  readSubject,
} from '@csr-foundry/csr'
import { newestRequest, type RequestRecord } from '@csr-foundry/records'
import { Hono } from 'hono'
import { z } from 'zod'
import { jsonOf } from '../../json-input.ts'
import { operation } from '../../operation.ts'
import type { Env, Services } from '../../services.ts'
import { subjectDefaults } from './create-csr.ts'
import { success, successView } from './messages.ts'

const view = successView(
  z.object(
    Object.fromEntries(Object.keys(subjectDefaults).map((name) => [name, z.string()])) as Record<
      keyof typeof subjectDefaults,
      z.ZodString
    >,
  ),
)

export const certificateSettings = ({ redis }: Services) =>
  new Hono<Env>().get(
    '/',
    operation('getCertificateSettings', {
      summary: 'Show the subject of the newest request',
      description:
        'What it does not have is empty. Before the first request: what POST takes for what is left out.',
      role: 'read',
      answers: {
        200: {
          description: 'The subject.',
          body: jsonOf(view, { 'What POST takes': success({ ...subjectDefaults }) }),
        },
      },
    }),
    async (c) => {
      const newest = await newestRequest(redis, c.get('place'))
      return c.json(success(newest ? settingsOf(subjectOf(newest)) : { ...subjectDefaults }))
    },
  )

type Subject = readonly (readonly (AttributeTypeAndValue | ReadAttribute)[])[]

function subjectOf(record: RequestRecord): Subject {
  if (record.state === 'ready') return readSubject(record.csr)
  if (record.state !== 'cancelled') return record.spec.subject
  // Of what was cancelled no more is kept.
  return record.commonName === undefined ? [] : [[{ type: 'CN', value: record.commonName }]]
}

function settingsOf(subject: Subject) {
  const attributes = subject.flat()
  const first = (wanted: AttributeType) =>
    attributes.find(({ type }) => type === wanted)?.value ?? ''
  return {
    CommonName: first('CN'),
    Country: first('C'),
    Organization: first('O'),
    OrganizationUnit: first('OU'),
    StateLocality: first('L'),
    StateProvince: first('ST'),
  } satisfies Record<keyof typeof subjectDefaults, string>
}
