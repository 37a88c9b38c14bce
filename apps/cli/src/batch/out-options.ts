import type { Command } from 'commander'

/** Where the CSRs and keys of a batch go. */
export type OutOptions = { readonly out?: string; readonly keysTo?: string; readonly force?: true }

export const addOutOptions = (command: Command): Command =>
  command
    .option('--out <dir>', 'writes the CSRs, index.csv and rejected.csv into a folder')
    .option('--keys-to <file>', 'a public JWK: writes the keys beside the CSRs, encrypted for it')
    .option('--force', 'replaces files of --out that have another content')

export function checkOutOptions({ out, keysTo, force }: OutOptions, command: Command): void {
  if (out !== undefined) return
  if (keysTo !== undefined) {
    command.error("error: '--keys-to' writes files, but '--out' names no folder.")
  }
  if (force) command.error("error: '--force' replaces files, but '--out' names no folder.")
}
