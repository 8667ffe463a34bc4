import { isOfClient, isOwnedBy } from '../db/client-generation.ts';
import type { Database } from '../db/database.ts';
import { inBatches } from '../db/in-batches.ts';
import { isLeased } from '../db/is-leased.ts';
import type { Client } from '../core/identity.ts';

export interface KeyClaim {
  readonly client: Client;
  readonly keySha256: Buffer;
  readonly fingerprint: Buffer;
  readonly attempt: string;
  readonly requestId: string;
}

export interface StoredAnswer {
  readonly fingerprint: Buffer;
  /** Null while the first request is still running. */
  readonly answer: unknown;
  /** Set if the first request has ended without an answer. */
  readonly abandoned: AbandonedClaim | undefined;
}

/** The claim of a request whose process died, or could not store the answer. */
export interface AbandonedClaim {
  readonly attempt: string;
  /** Null in rows of older releases. */
  readonly requestId: string | null;
  readonly leaseUntil: Date;
}

export type Claimed = 'ours' | 'client-deleted' | StoredAnswer;

/** A key is free again after a day, and if it was used by a deleted client with this id. */
const FREE = `(k.created_at < now() - interval '24 hours' or not ${isOwnedBy('k', '$2')})`;
const LEASE_SECONDS = 30;
const LEASE = `interval '${LEASE_SECONDS} seconds'`;

/** Only for the currently registered client: a request of a deleted one must not take over a key. */
const CLAIM = `insert into idempotency_keys as k
    (client_id, client_generation, key_sha256, fingerprint, attempt, request_id, lease_until)
  select c.id, c.generation, $3, $4, $5::uuid, $6, now() + ${LEASE}
    from clients c where c.id = $1 and c.generation = $2::uuid
  on conflict (client_id, key_sha256) do update
    set client_generation = excluded.client_generation, fingerprint = excluded.fingerprint, attempt = excluded.attempt,
      request_id = excluded.request_id, answer = null, lease_until = excluded.lease_until, created_at = now()
    where ${FREE} returning 1`;

const IS_ABANDONED = `k.answer is null and not ${isLeased('k.lease_until')}`;
const TAKE_OVER = `update idempotency_keys k
  set attempt = $3, request_id = $4, lease_until = now() + ${LEASE}, created_at = now()
  where k.client_id = $1 and k.key_sha256 = $2 and k.attempt = $5 and ${IS_ABANDONED} returning 1`;

const STORED = `select k.fingerprint, k.answer, k.attempt, k.request_id as "requestId", k.lease_until as "leaseUntil",
    ${IS_ABANDONED} as "isAbandoned"
  from clients c
  left join idempotency_keys k on k.client_id = c.id and k.key_sha256 = $3 and ${isOfClient('k', 'c')}
  where c.id = $1 and c.generation = $2::uuid`;

/** A success is recorded with the change itself, while the request has its lease, or soon after. */
const CARRIED_OUT = `select details->>'launch' as id from audit_trail
  where client_id = $1 and request_id = $2 and operation = $3 and outcome = 'succeeded'
    and at between $4::timestamptz - ${LEASE} and $4::timestamptz + ${LEASE} limit 1`;

type StoredKey = AbandonedClaim & StoredAnswer & { readonly isAbandoned: boolean };
/** All null if the client has no such key. */
type StoredRow = StoredKey | { readonly [Name in keyof StoredKey]: null };

export type IdempotencyStore = ReturnType<typeof createIdempotencyStore>;

export const createIdempotencyStore = (db: Database) => ({
  /** Claims a key, or returns the answer of the first request. */
  async claim({ client, keySha256, fingerprint, attempt, requestId }: KeyClaim): Promise<Claimed> {
    const key = [client.id, client.generation, keySha256];
    const claimed = await db.query(CLAIM, [...key, fingerprint, attempt, requestId]);
    if (claimed.length > 0) return 'ours';
    const [stored] = await db.query<StoredRow>(STORED, key);
    if (!stored) return 'client-deleted';
    // No fingerprint: the first request has just failed and released the key.
    if (stored.fingerprint === null) return { fingerprint, answer: null, abandoned: undefined };
    return { ...stored, abandoned: stored.isAbandoned ? stored : undefined };
  },

  /** @returns false if another request was faster */
  async takeOver(claim: KeyClaim, { attempt }: AbandonedClaim): Promise<boolean> {
    const { client, keySha256, attempt: ours, requestId } = claim;
    const taken = await db.query(TAKE_OVER, [client.id, keySha256, ours, requestId, attempt]);
    return taken.length > 0;
  },

  /**
   * Looks in the audit trail whether the request of an abandoned claim succeeded.
   *
   * @returns undefined if it did not; the id is that of a launch
   */
  async carriedOut(
    { client }: KeyClaim,
    { requestId, leaseUntil }: AbandonedClaim,
    operation: string,
  ): Promise<{ readonly id: string | null } | undefined> {
    const values = [client.id, requestId, operation, leaseUntil];
    return (await db.query<{ id: string | null }>(CARRIED_OUT, values))[0];
  },

  async finish({ client, keySha256, attempt }: KeyClaim, answer: unknown): Promise<void> {
    await db.query(
      'update idempotency_keys set answer = $4 where client_id = $1 and key_sha256 = $2 and attempt = $3',
      [client.id, keySha256, attempt, JSON.stringify(answer)],
    );
  },

  async release({ client, keySha256, attempt }: KeyClaim): Promise<void> {
    await db.query(
      'delete from idempotency_keys where client_id = $1 and key_sha256 = $2 and attempt = $3 and answer is null',
      [client.id, keySha256, attempt],
    );
  },

  /** Deletes expired keys. */
  async prune(): Promise<void> {
    const where = `created_at < now() - interval '24 hours'`;
    await inBatches(db, { table: 'idempotency_keys', where }, []);
  },
});
