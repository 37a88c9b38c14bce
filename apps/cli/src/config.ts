/** Where the service is and who calls, as the environment says it. An empty variable counts as unset. */
export type Settings = {
  readonly url: string
  readonly token: string | undefined
  readonly username: string | undefined
  readonly password: string | undefined
}

/** Nothing below this file reads the environment. */
export function readSettings(environment: NodeJS.ProcessEnv = process.env): Settings {
  const { CSRCTL_URL, CSRCTL_TOKEN, CSRCTL_USER, CSRCTL_PASSWORD } = environment
  return {
    url: CSRCTL_URL || 'http://127.0.0.1:8080',
    token: CSRCTL_TOKEN || undefined,
    username: CSRCTL_USER || undefined,
    password: CSRCTL_PASSWORD || undefined,
  }
}

/** Whether lines of a terminal can be drawn again. */
export const isDumbTerminal = (environment: NodeJS.ProcessEnv = process.env): boolean =>
  environment.TERM === 'dumb'
