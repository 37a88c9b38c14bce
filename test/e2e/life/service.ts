import { type Service, startService } from '../start-service.ts'

export const adminToken = 'a-token-of-the-settings-which-is-long-enough'

/** The one service of all the themes; a start takes four seconds of a core. */
export let service: Service

export async function start(): Promise<void> {
  const environment = {
    ADMIN_TOKEN: adminToken,
    // Nothing that a process could ever say may give a secret away.
    LOG_LEVEL: 'trace',
    // As many as cores, as it is where nobody says otherwise.
    WORKER_PROCESSES: '',
  }
  service = await startService({ environment })
}
