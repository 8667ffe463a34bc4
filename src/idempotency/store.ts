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
}

export interface StoredAnswer {
  readonly fingerprint: Buffer;
  /** Null while the first request is still running. */
  readonly answer: unknown;
}

export type Claimed = 'ours' | 'client-deleted' | StoredAnswer;

/**
 * A key is free again after a day, after its holder died without an answer, and if it was used by a
 * deleted client with this id.
 */
const FREE = `(k.created_at < now() - interval '24 hours' or (k.answer is null and not ${isLeased('k.lease_until')})
  or not ${isOwnedBy('k', '$2')})`;

/** Only for the currently registered client: a request of a deleted one must not take over a key. */
const CLAIM = `insert into idempotency_keys as k
    (client_id, client_generation, key_sha256, fingerprint, attempt, lease_until)
  select c.id, c.generation, $3, $4, $5::uuid, now() + interval '30 seconds'
    from clients c where c.id = $1 and c.generation = $2::uuid
  on conflict (client_id, key_sha256) do update
    set client_generation = excluded.client_generation, fingerprint = excluded.fingerprint,
      attempt = excluded.attempt, answer = null, lease_until = excluded.lease_until, created_at = now()
    where ${FREE} returning 1`;

const STORED = `select c.id, k.fingerprint, k.answer from clients c
  left join idempotency_keys k on k.client_id = c.id and k.key_sha256 = $3 and ${isOfClient('k', 'c')}
  where c.id = $1 and c.generation = $2::uuid`;

interface StoredKey {
  readonly fingerprint: Buffer | null;
  readonly answer: unknown;
}

export type IdempotencyStore = ReturnType<typeof createIdempotencyStore>;

export const createIdempotencyStore = (db: Database) => ({
  /** Claims a key, or returns the answer of the first request. */
  async claim({ client, keySha256, fingerprint, attempt }: KeyClaim): Promise<Claimed> {
    const key = [client.id, client.generation, keySha256];
    const claimed = await db.query(CLAIM, [...key, fingerprint, attempt]);
    if (claimed.length > 0) return 'ours';
    const [stored] = await db.query<StoredKey>(STORED, key);
    if (!stored) return 'client-deleted';
    // No fingerprint: the first request has just failed and released the key.
    return { fingerprint: stored.fingerprint ?? fingerprint, answer: stored.answer };
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
