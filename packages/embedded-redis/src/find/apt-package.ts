import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Environment } from '../config.ts'
import { runTool } from '../run/run-tool.ts'
import { nameAndVersionFault, serverNames } from './server-version.ts'

const toolMs = 90_000

/** The lists of packages that apt's last `update` on this system left; read, never written. */
const systemLists = '/var/lib/apt/lists/'

/** Read after the system's own settings, whose sources, keys and proxies stay as they are. */
function aptConf(work: string, lists: string): string {
  return `
Dir::State "${work}/state/";
Dir::State::lists "${lists}";
Dir::Cache "${work}/cache/";
Dir::Log "${work}/";
APT::Sandbox::User "";
Debug::NoLocking "true";
Acquire::Languages "none";
Acquire::Retries "1";
// Hooks that tidy up the system's own cache, and lists that name no packages.
#clear APT::Update;
#clear Acquire::IndexTargets::deb-src;
#clear Acquire::IndexTargets::deb::CNF;
#clear Acquire::IndexTargets::deb::Contents-deb;
#clear Acquire::IndexTargets::deb::DEP-11;
#clear Acquire::IndexTargets::deb::DEP-11-icons-small;
#clear Acquire::IndexTargets::deb::DEP-11-icons;
#clear Acquire::IndexTargets::deb::DEP-11-icons-hidpi;
`
}

/** Runs one of apt's programs on a cache of its own; gives its output or throws. */
type Apt = (program: 'apt-get' | 'apt-cache', ...args: string[]) => Promise<string>

/**
 * Unpacks the distribution's server, and the libraries it needs and this system lacks, into `root`.
 * apt itself works out which those are: it plans an installation beside the system's packages and
 * stops after the download. Works without root, in `work` alone, and throws an Error that says why
 * it could not.
 *
 * The system's lists of packages are asked first: fetching them anew takes most of the time. They may
 * be missing, as in a container, or too old to name what the servers still have.
 */
export async function aptPackage(work: string, root: string, env: Environment): Promise<void> {
  const archives = join(work, 'cache', 'archives')
  const isThere = await download(aptWith(systemLists, work, env), []).then(
    () => true,
    () => false,
  )
  if (!isThere) {
    const apt = aptWith(join(work, 'state/lists/'), work, env)
    // One dead source makes this fail although the others answered: what counts is what is found.
    const complaints = await apt('apt-get', 'update').then(
      () => [],
      (error) => [messageOf(error)],
    )
    await download(apt, complaints)
  }
  await unpack(archives, root, env)
}

/** The server that the lists name, with its tools, into the cache; `reasons` are why it may not be found. */
async function download(apt: Apt, reasons: readonly string[]): Promise<void> {
  const server = await newEnough(apt, reasons)
  const tools = server.replace('-server', '-tools')
  await apt(
    'apt-get',
    'install',
    '--download-only',
    '--no-install-recommends',
    // Also when the system counts them as installed: they were not usable where they are.
    '--reinstall',
    '--assume-yes',
    server,
    tools,
  )
}

function aptWith(lists: string, work: string, env: Environment): Apt {
  for (const folder of ['state/lists/partial', 'cache/archives/partial']) {
    mkdirSync(join(work, folder), { recursive: true })
  }
  const conf = join(work, 'apt.conf')
  writeFileSync(conf, aptConf(work, lists))
  const quiet = { ...env, LC_ALL: 'C.UTF-8', DEBIAN_FRONTEND: 'noninteractive' }
  return async (program, ...args) => {
    const command = [program, '--quiet', '--config-file', conf, ...args] as const
    const { ok, stdout, complaint } = await runTool(command, { env: quiet, timeoutMs: toolMs })
    if (!ok) throw new Error(`${program} ${args[0]}: ${complaint}`)
    return stdout
  }
}

/** The first of the server packages whose version suffices. */
async function newEnough(apt: Apt, complaints: readonly string[]): Promise<string> {
  const reasons = [...complaints]
  for (const name of serverNames) {
    const policy = await apt('apt-cache', 'policy', name)
    // A Debian version has an epoch in front: 5:7.0.15-1.
    const version = /^ *Candidate: (?:\d+:)?(\d\S*)$/m.exec(policy)?.[1]
    if (version === undefined) {
      reasons.push(`the package sources have no ${name}`)
      continue
    }
    const fault = nameAndVersionFault(name, version)
    if (fault === undefined) return name
    reasons.push(`the package ${name} ${fault}`)
  }
  throw new Error(reasons.join('; '))
}

async function unpack(archives: string, root: string, env: Environment): Promise<void> {
  mkdirSync(root)
  // The C library is the system's: another one would not fit the loader that is there.
  const wanted = /^(?:redis|valkey|lib(?!c6_|c-))\S*\.deb$/
  for (const archive of readdirSync(archives).filter((file) => wanted.test(file))) {
    const command = ['dpkg-deb', '--extract', join(archives, archive), root] as const
    const { ok, complaint } = await runTool(command, { env, timeoutMs: toolMs })
    if (!ok) throw new Error(`dpkg-deb: ${complaint}`)
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
