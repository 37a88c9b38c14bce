import { getPriority, setPriority } from 'node:os'

/**
 * Has who calls it stand back behind what else needs the processor: on Linux the thread, elsewhere the process.
 *
 * A niceness that is higher already stays, since only root may lower one: it is that of a whole service which was started under
 * `nice`.
 *
 * @param niceness 0 to 19, as setpriority(2) has it
 */
export function standBack(niceness: number): void {
  setPriority(Math.max(niceness, getPriority()))
}
