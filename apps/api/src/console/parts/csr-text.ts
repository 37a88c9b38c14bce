/** A CSR as its reader wants it: what it says, what lint says of it, and the PEM. */
import { createHash } from 'node:crypto'
import {
  type CsrContent,
  CsrError,
  describePublicKey,
  type Extensions,
  type Finding,
  lintCsr,
  type ReadRdn,
  type ReadSubjectAltName,
  toPem,
} from '@csr-foundry/csr'
import { html } from 'hono/html'
import type { Html } from '../layout.ts'
import { alertBox } from './alert.ts'
import { countText } from './figures.ts'
import { icon } from './icon.ts'
import { copied, facts } from './table.ts'

/** Names beyond so many are in the PEM alone. */
const mostNames = 100

export function csrText(der: Buffer) {
  return html`${decoded(der)}
<section class="panel" aria-labelledby="pem"><h2 id="pem">PEM</h2>${copied('the PEM', toPem(der))}</section>`
}

/** What cannot be read was still made and proved by this service: its PEM is shown all the same. */
function decoded(der: Buffer): Html {
  try {
    const { content, findings } = lintCsr(der)
    return html`<section class="panel" aria-labelledby="csr"><h2 id="csr">What the CSR says</h2>${contentFacts(content)}</section>
<section class="panel" aria-labelledby="lint"><h2 id="lint">Lint</h2>${findingList(findings)}</section>`
  } catch (error) {
    if (!(error instanceof CsrError)) throw error
    return alertBox('warning', 'The CSR cannot be read again.', error.message)
  }
}

function contentFacts(content: CsrContent) {
  const { subject, subjectAltNames, sanCritical, spki, attributes, extensions } = content
  const key = describePublicKey(spki)
  const more = subjectAltNames.length - mostNames
  return facts([
    [
      'Subject',
      subject.length === 0
        ? 'none'
        : html`<ul class="plain">${subject.map((rdn) => html`<li>${rdnText(rdn)}</li>`)}</ul>`,
    ],
    [
      `Alternative names${sanCritical ? ' (critical)' : ''}`,
      subjectAltNames.length > 0 &&
        html`<ul class="plain">${subjectAltNames.slice(0, mostNames).map(nameItem)}</ul>${more > 0 && html`<p class="muted">and ${countText(more, 'more', 'more')}</p>`}`,
    ].map((one) => one || undefined) as [string, Html | undefined],
    ['Public key', key.algorithm ?? key.kind],
    [
      'Signature',
      content.key?.digest
        ? `${content.key.algorithm} with ${content.key.digest}`
        : content.key?.algorithm,
    ],
    ...extensionFacts(extensions),
    ['Unstructured name', attributes.unstructuredName],
    // It is for the CA to know: in the PEM for those who need it, and not to be read off a screen.
    ['Challenge password', attributes.challengePassword === undefined ? undefined : 'is set'],
    [
      'SHA-256 of the public key',
      html`<code class="digest">${createHash('sha256').update(spki).digest('hex')}</code>`,
    ],
  ])
}

const rdnText = (rdn: ReadRdn): string =>
  rdn.map(({ type, value }) => `${type} = ${value}`).join(' + ')

function nameItem(name: ReadSubjectAltName) {
  return html`<li><span class="kind">${name.type}</span> ${nameText(name)}</li>`
}

function nameText(name: ReadSubjectAltName): string {
  if (name.type === 'other') return name.der
  if (name.type === 'dirName') return name.value.map(rdnText).join(', ')
  if (name.type === 'otherName') return `${name.oid} ${'value' in name ? name.value : name.der}`
  return name.value
}

const critical = (one: { critical: boolean }) => (one.critical ? ' (critical)' : '')

function extensionFacts(extensions: Extensions): [string, Html | undefined][] {
  const {
    keyUsage,
    extendedKeyUsage,
    basicConstraints,
    subjectKeyIdentifier,
    raw = [],
  } = extensions
  const { mustStaple, microsoftTemplate, microsoftTemplateName } = extensions
  return [
    ['Key usage', keyUsage && `${keyUsage.usages.join(', ')}${critical(keyUsage)}`],
    [
      'Extended key usage',
      extendedKeyUsage && `${extendedKeyUsage.usages.join(', ')}${critical(extendedKeyUsage)}`,
    ],
    [
      'Basic constraints',
      basicConstraints && `${basicConstraints.ca ? 'a CA' : 'no CA'}${critical(basicConstraints)}`,
    ],
    [
      'Subject key identifier',
      subjectKeyIdentifier === undefined ? undefined : String(subjectKeyIdentifier),
    ],
    ['Must staple', mustStaple && 'yes'],
    ['Microsoft template', microsoftTemplateName ?? microsoftTemplate?.oid],
    ...raw.map((one): [string, Html] => [
      'Extension',
      html`<code>${one.oid}</code>${critical(one)}`,
    ]),
  ]
}

function findingList(findings: readonly Finding[]): Html {
  if (findings.length === 0)
    return html`<p class="well">${icon('check')} No findings: it is as the standards and the CAs want it.</p>`
  return html`<ul class="findings">${findings.map(
    ({ severity, code, message }) =>
      html`<li><span class="state ${severity === 'error' ? 'bad' : 'care'}">${severity}</span> ${message} <code>${code}</code></li>`,
  )}</ul>`
}
