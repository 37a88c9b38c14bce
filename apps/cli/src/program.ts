import { Command } from 'commander'
import packageJson from '../package.json' with { type: 'json' }
import { addDelete } from './delete.ts'
import { addGet } from './get.ts'
import { addKey } from './key/key.ts'
import { addLint } from './lint.ts'
import { addList } from './list.ts'
import { say } from './output.ts'
import { addPolicy } from './policy/policy.ts'
import { addTenant } from './tenant/tenant.ts'
import { addToken } from './token/token.ts'
import { addUser } from './user/user.ts'

const about = `Certificate signing requests (PKCS#10): looks at those in files, and works with a
csr-foundry: its requests, keys and accounts.`

const environmentHelp = `
Environment:
  CSRCTL_URL                      of the service (default: http://127.0.0.1:8080)
  CSRCTL_TOKEN                    a token
  CSRCTL_USER, CSRCTL_PASSWORD    a user, in place of a token; on a terminal it
                                  asks for a password that is not set
  NODE_EXTRA_CA_CERTS             PEM file with the CA of the service's certificate`

/** All commands; those with a name of two words are in a folder with the first. */
export function createProgram(): Command {
  const program = new Command('csrctl')
    .description(about)
    .version(packageJson.version)
    .exitOverride()
    .addHelpText('after', environmentHelp)
    .showHelpAfterError('Run "csrctl --help" to see what it takes.')
    .configureOutput({ outputError: (text) => say(oneLine(text).replace(/^error: /, '')) })
  addLint(program)
  addGet(program)
  addList(program)
  addDelete(program)
  addKey(program)
  addUser(program)
  addToken(program)
  addTenant(program)
  addPolicy(program)
  return program
}

/** Commander gives a suggestion a line of its own. */
function oneLine(text: string): string {
  return text.trim().replaceAll('\n', ' ')
}
