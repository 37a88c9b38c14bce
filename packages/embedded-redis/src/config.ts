/** Variables that decide how a server is found: PATH, HOME, XDG_CACHE_HOME, DOCKER_*, proxies. */
export type Environment = Readonly<Record<string, string | undefined>>

/** This process's environment; nothing else in this package reads it. */
export function ownEnvironment(): Environment {
  return process.env
}
