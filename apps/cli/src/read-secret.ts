import { createInterface } from 'node:readline'
import { Writable } from 'node:stream'
import { Failure } from './failure.ts'
import { placeOf, readNamed } from './read-named.ts'
import { visible } from './visible.ts'

type Asked = {
  /** A file; `-` is standard input. */
  readonly file?: string | undefined
  /** What a terminal shows. */
  readonly prompt: string
  /** What is asked for a second time, since nobody sees what he types. */
  readonly again?: string
}

const maxBytes = 4 * 1024

export const isTerminal = () => process.stdin.isTTY && process.stderr.isTTY

/** A password: from a file, from a terminal without showing it, or else from standard input. */
export async function readSecret({ file, prompt, again }: Asked): Promise<string> {
  if (file !== undefined || !isTerminal()) return secretOf(file ?? '-')
  const secret = await askHidden(prompt)
  if (again !== undefined && (await askHidden(again)) !== secret) {
    throw Failure.of('inputs_differ', 'The two are not the same.')
  }
  return secret
}

/** The text of a file without its last line break, as editors and `echo` leave one. */
async function secretOf(file: string): Promise<string> {
  const bytes = await readNamed(file, { maxBytes, what: 'password', mayBeEmpty: true })
  const secret = bytes.toString('utf8').replace(/\r?\n$/, '')
  if (secret !== '') return secret
  const place = file === '-' ? 'on' : 'in'
  throw Failure.of('input_missing', `The password ${place} ${placeOf(file)} is empty.`)
}

/** A line that is typed on the terminal and not shown. Ctrl-C leaves. */
export function askHidden(
  prompt: string,
  input: NodeJS.ReadableStream = process.stdin,
  output: NodeJS.WritableStream = process.stderr,
): Promise<string> {
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() })
  return new Promise((resolve, reject) => {
    const lines = createInterface({ input, output: nowhere, terminal: true, historySize: 0 })
    output.write(visible(prompt))
    const end = (settle: () => void) => {
      lines.removeAllListeners('close')
      lines.close()
      output.write('\n')
      settle()
    }
    lines.once('line', (line) => end(() => resolve(line)))
    // The terminal is set right by closing; only then may the signal do what it does everywhere.
    lines.once('SIGINT', () => end(() => process.kill(process.pid, 'SIGINT')))
    lines.once('close', () =>
      end(() => reject(Failure.of('input_missing', 'The input ended before there was any.'))),
    )
  })
}
