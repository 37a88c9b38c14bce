/**
 * `error`: a standard is violated. `warning`: it is allowed, but CAs or programs in use refuse or
 * misread it.
 */
export type Severity = 'error' | 'warning'

/** What is known of one kind of finding. The tables of kinds stand beside the rules they are of. */
export type FindingKind = {
  severity: Severity
  /** Where the rule is written: an RFC's section, a vendor's page. */
  source: string
  /** The rule in one sentence, for the table in the documentation. */
  rule: string
}

/**
 * Takes what a reader or a rule finds. `pointer` is an RFC 6901 pointer into what the CSR says, in
 * the words of a spec (`/subject/0/0/value`, `/subjectAltNames/2`, `/key`, `/signature`); the
 * message is a sentence that says what is wrong and then what is allowed.
 */
export type Report<Code extends string> = (code: Code, pointer: string, message: string) => void
