import type { Command } from 'commander'
import { commandGroup } from '../service-command.ts'
import { addAuditSeal } from './print-seal.ts'
import { addAuditTail } from './tail-audit.ts'
import { addAuditVerify } from './verify-audit.ts'

/** `csrctl audit …`: who did what in the tenant, and whether it is all still there. */
export function addAudit(program: Command): void {
  const group = commandGroup(program, 'audit', 'shows, seals and verifies the audit')
  addAuditTail(group)
  addAuditSeal(group)
  addAuditVerify(group)
}
