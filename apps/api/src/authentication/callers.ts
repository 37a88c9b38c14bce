import type { Subscription } from '@csr-foundry/queue'
import {
  accountsChannel,
  noteTokenUse,
  prolongSession,
  readAccount,
  readSession,
  readTokenStanding,
} from '@csr-foundry/records'
import { ServiceError } from '@csr-foundry/service'
import type { Redis } from 'ioredis'
import { LRUCache } from 'lru-cache'
import type { Caller, Proof } from './caller.ts'
import { CallerWatches, type Watch } from './caller-watches.ts'

type Known = { readonly caller: Caller; checked: number; noted: number }

/** For so long (ms) a caller is not looked at again, while every change of one is heard of. */
const checkedFor = 30_000
const knownCallers = 10_000
/** A use is written down at most so often (ms) by each process. */
const notedFor = 60_000

/**
 * Who the bearers of proofs are.
 *
 * What was read counts for 30 s; after that, and at every call while the subscription is not live, it is read again. Every
 * change of an account is published and is the end of what was known. So a credential that is taken away, in whatever
 * process, counts nowhere a moment later.
 */
export class Callers {
  readonly #redis: Redis
  readonly #subscription: Subscription
  readonly #known = new LRUCache<string, Known>({ max: knownCallers })
  readonly #underWay = new Map<string, Promise<Known>>()
  readonly #watches = new CallerWatches((proof) => this.find(proof))
  #changes = 0

  constructor(redis: Redis, subscription: Subscription) {
    this.#redis = redis
    this.#subscription = subscription
    subscription.on(accountsChannel, () => this.checkAll())
    subscription.onLive(() => this.checkAll())
  }

  /** Something has changed: nothing that was known counts before it is read again. */
  checkAll(): void {
    this.#changes += 1
    // What is being read now may be from before the change, so nobody who comes now waits for it.
    this.#underWay.clear()
    for (const known of this.#known.values()) known.checked = 0
    this.#watches.checkAll()
  }

  /** @throws {ServiceError} `credentials_invalid` where the proof counts no more */
  async find(proof: Proof): Promise<Caller> {
    const key = keyOf(proof)
    const now = Date.now()
    let known = this.#known.get(key)
    if (!known || !this.#subscription.live || now - known.checked >= checkedFor) {
      known = await this.#readOnce(key, proof)
    }
    const { caller } = known
    if (caller.expires !== undefined && caller.expires <= now) {
      throw new ServiceError('credentials_invalid')
    }
    if (now - known.noted >= notedFor) {
      known.noted = now
      // The use is news for people, not a condition of the call.
      void noteUse(this.#redis, caller).catch(() => {})
    }
    return caller
  }

  /** The caller, where nothing has to be asked or written down to say who he is. */
  known(proof: Proof): Caller | undefined {
    const now = Date.now()
    const known = this.#known.get(keyOf(proof))
    if (!known || !this.#subscription.live || now - known.checked >= checkedFor) return undefined
    const { caller, noted } = known
    const isOver = caller.expires !== undefined && caller.expires <= now
    return isOver || now - noted >= notedFor ? undefined : caller
  }

  /** Watches over a caller whose call is held; see {@link CallerWatches.watch}. */
  watch(caller: Caller, mayGoOn: (now: Caller) => boolean): Watch {
    return this.#watches.watch(caller, mayGoOn)
  }

  async #readOnce(key: string, proof: Proof): Promise<Known> {
    // A client that opens many connections at once costs one look, not one each.
    const underWay = this.#underWay.get(key) ?? this.#read(key, proof)
    this.#underWay.set(key, underWay)
    try {
      return await underWay
    } finally {
      if (this.#underWay.get(key) === underWay) this.#underWay.delete(key)
    }
  }

  async #read(key: string, proof: Proof): Promise<Known> {
    const changesBefore = this.#changes
    const found = await readProof(this.#redis, proof)
    if (!found) {
      this.#known.delete(key)
      throw new ServiceError('credentials_invalid')
    }
    const caller = { ...found, proof, kind: proof.kind, confirm: () => this.find(proof) }
    // Unless a change came meanwhile, which may not have been in what was read.
    const checked = this.#changes === changesBefore ? Date.now() : 0
    const known = { caller, checked, noted: this.#known.get(key)?.noted ?? 0 }
    this.#known.set(key, known)
    return known
  }
}

function keyOf(proof: Proof): string {
  return proof.kind === 'password'
    ? `password ${proof.generation} ${proof.login}`
    : `${proof.kind} ${proof.sha256}`
}

type Found = Pick<Caller, 'principal' | 'place' | 'id' | 'password' | 'expires'>

async function readProof(redis: Redis, proof: Proof): Promise<Found | undefined> {
  if (proof.kind === 'token') {
    const standing = await readTokenStanding(redis, proof.sha256)
    if (!standing) return undefined
    const { id, principal, place, expires } = standing
    return { principal, place, id: `${place.tenant} token:${id}`, password: undefined, expires }
  }
  const account =
    proof.kind === 'session'
      ? await readSession(redis, proof.sha256)
      : await readAccount(redis, proof.login)
  if (!account) return undefined
  if (proof.kind === 'password' && account.generation !== proof.generation) return undefined
  const { principal, place, login, generation } = account
  const id = `${place.tenant} user:${principal.name}`
  return { principal, place, id, password: { login, generation }, expires: undefined }
}

async function noteUse(redis: Redis, { id, place, proof }: Caller): Promise<void> {
  if (proof.kind === 'session') await prolongSession(redis, proof.sha256)
  if (proof.kind === 'token') await noteTokenUse(redis, place, id.split(':')[1] ?? '')
}
