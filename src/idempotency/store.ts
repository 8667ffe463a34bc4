import type { Database } from '../db/database.ts';

export interface KeyClaim {
  readonly clientId: string;
  readonly keySha256: Buffer;
  readonly fingerprint: Buffer;
  readonly attempt: string;
}

export interface StoredAnswer {
  readonly fingerprint: Buffer;
  /** Null: still running. */
  readonly answer: unknown;
}

/** A key is free again a day later, or when its holder died without an answer. */
const FREE = `(k.created_at < now() - interval '24 hours' or (k.answer is null and k.lease_until < now()))`;
const LEASE = `now() + interval '30 seconds'`;

export type IdempotencyStore = ReturnType<typeof createIdempotencyStore>;

export const createIdempotencyStore = (db: Database) => ({
  /** Claims a key. @returns undefined: it is ours now; else what the first request left. */
  async claim({
    clientId,
    keySha256,
    fingerprint,
    attempt,
  }: KeyClaim): Promise<StoredAnswer | undefined> {
    const claimed = await db.query(
      `insert into idempotency_keys as k (client_id, key_sha256, fingerprint, attempt, lease_until)
       values ($1, $2, $3, $4, ${LEASE})
       on conflict (client_id, key_sha256) do update
         set fingerprint = excluded.fingerprint, attempt = excluded.attempt, answer = null, lease_until = excluded.lease_until,
           created_at = now()
         where ${FREE} returning 1`,
      [clientId, keySha256, fingerprint, attempt],
    );
    if (claimed.length > 0) return undefined;
    const [stored] = await db.query<StoredAnswer>(
      'select fingerprint, answer from idempotency_keys where client_id = $1 and key_sha256 = $2',
      [clientId, keySha256],
    );
    return stored ?? { fingerprint, answer: null };
  },

  async finish({ clientId, keySha256, attempt }: KeyClaim, answer: unknown): Promise<void> {
    await db.query(
      'update idempotency_keys set answer = $4 where client_id = $1 and key_sha256 = $2 and attempt = $3',
      [clientId, keySha256, attempt, JSON.stringify(answer)],
    );
  },

  async release({ clientId, keySha256, attempt }: KeyClaim): Promise<void> {
    await db.query(
      'delete from idempotency_keys where client_id = $1 and key_sha256 = $2 and attempt = $3 and answer is null',
      [clientId, keySha256, attempt],
    );
  },

  /** Deletes what has had its day. */
  async prune(): Promise<void> {
    await db.query(`delete from idempotency_keys where created_at < now() - interval '24 hours'`);
  },
});
