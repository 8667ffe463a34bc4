import { recordIn } from '../audit-trail/writer.ts';
import type { Queryable } from '../core/ports.ts';
import type { Database } from '../db/database.ts';
import type { Actor } from '../core/identity.ts';
import { Secret } from '../core/secret.ts';
import { makeApiKey } from './credentials.ts';
import { deleteClientData } from './client-data.ts';
import {
  findClients,
  getClient,
  lockClient,
  Refused,
  type RegisteredClient,
  type RegisteredKey,
} from './registered.ts';
import type { ClientChange, NewClient } from './registration.ts';

export interface KeyLife {
  /** Until it expires. Null if it never does. */
  readonly seconds: number | null;
}

/** A newly created key. Its text is available only here. */
export interface IssuedKey {
  readonly id: string;
  readonly key: Secret;
  /** Null when the key does not expire. */
  readonly expiresAt: Date | null;
}

export type ClientRegistry = ReturnType<typeof createClientRegistry>;

/**
 * The CLI's operations on clients. Every change commits together with its audit row and a
 * notification that makes all replicas clear their caches.
 *
 * @throws Refused if the operation is not possible (all methods)
 */
export const createClientRegistry = (db: Database) => ({
  list: (): Promise<RegisteredClient[]> => findClients(db),

  get: (id: string): Promise<RegisteredClient> => getClient(db, id),

  /** @param key undefined for a client that authenticates with workload tokens only */
  create: (actor: Actor, client: NewClient, key?: KeyLife) =>
    db.transaction(async (tx) => {
      const { id, ...fields } = client;
      await insert(tx, client);
      // A release without generations left these rows behind when it deleted a client of this id.
      await deleteClientData(tx, id);
      const issued = key && (await issueKey(tx, id, key));
      await conclude(tx, actor, { client_id: id, ...fields, ...factsOf(issued) });
      return issued;
    }),

  /** Changes only the given fields. */
  update: (actor: Actor, id: string, changes: ClientChange) =>
    db.transaction(async (tx) => {
      const client = await lockClient(tx, id);
      await requireUnusedToken(tx, id, changes);
      await tx.query(UPDATE, valuesOf({ ...client, ...changes }));
      await conclude(tx, actor, { client_id: id, ...changes });
      return getClient(tx, id);
    }),

  /** Deletes the client with its keys and data. */
  delete: (actor: Actor, id: string) =>
    db.transaction(async (tx) => {
      const { name } = await lockClient(tx, id);
      await tx.query('delete from clients where id = $1', [id]);
      await deleteClientData(tx, id);
      await conclude(tx, actor, { client_id: id, name });
    }),

  /** Adds a second key, so that callers can switch without downtime. */
  rotateKey: (actor: Actor, id: string, life: KeyLife) =>
    db.transaction(async (tx) => {
      requireRoom(await lockClient(tx, id));
      const issued = await issueKey(tx, id, life);
      await conclude(tx, actor, { client_id: id, ...factsOf(issued) });
      return issued;
    }),

  /** Idempotent: keeps the time of the first revocation. */
  revokeKey: (actor: Actor, id: string, keyId: string) =>
    db.transaction(async (tx) => {
      requireKey(await lockClient(tx, id), keyId);
      await revoke(tx, keyId);
      await conclude(tx, actor, { client_id: id, key_id: keyId });
      return getClient(tx, id);
    }),
});

/** Writes the audit row and notifies the channel `gatehouse`, on which every replica listens. */
async function conclude(tx: Queryable, actor: Actor, details: object): Promise<void> {
  await recordIn(tx, { actor, outcome: 'succeeded', details: inSnakeCase(details) });
  await tx.query(`select pg_notify('gatehouse', 'clients')`);
}

/** Field names as on the wire, because `GET /v1/audit-trail` returns them. */
const inSnakeCase = (facts: object): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(facts).map(([name, fact]) => [
      name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
      fact as unknown,
    ]),
  );

const INSERT = `insert into clients (id, name, scopes, tenants, redirect_uris, return_origins,
    initiate_login_uri, token_issuer, token_subject, disabled)
  values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
  on conflict (id) do nothing returning id`;

const UPDATE = `update clients set name = $2, scopes = $3, tenants = $4, redirect_uris = $5,
    return_origins = $6, initiate_login_uri = $7, token_issuer = $8, token_subject = $9,
    disabled = $10, updated_at = now()
  where id = $1`;

/** The parameters of both statements. */
const valuesOf = (
  client: Omit<RegisteredClient, 'keys' | 'generation' | 'createdAt' | 'updatedAt'>,
): unknown[] => [
  client.id,
  client.name,
  client.scopes,
  client.tenants,
  client.redirectUris,
  client.returnOrigins,
  client.initiateLoginUri,
  client.tokenIssuer,
  client.tokenSubject,
  client.disabled,
];

async function insert(tx: Queryable, client: NewClient): Promise<void> {
  await requireUnusedToken(tx, client.id, client);
  const [inserted] = await tx.query(INSERT, valuesOf(client));
  if (inserted) return;
  throw new Refused(`There is a client "${client.id}" already; choose another id, or update it.`);
}

/** The table lock serialises registrations of tokens. Requests only read and do not wait. */
async function requireUnusedToken(
  tx: Queryable,
  id: string,
  { tokenIssuer, tokenSubject }: ClientChange,
): Promise<void> {
  if (typeof tokenIssuer !== 'string') return;
  await tx.query('lock table clients in share row exclusive mode');
  const others = await tx.query(
    'select 1 from clients where token_issuer = $2 and token_subject = $3 and id <> $1',
    [id, tokenIssuer, tokenSubject],
  );
  if (others.length > 0) throw new Refused('Another client has this token issuer and subject.');
}

const INSERT_KEY = `insert into client_keys (id, client_id, sha256, expires_at)
  values ($1, $2, $3, now() + make_interval(secs => $4)) returning expires_at as "expiresAt"`;

async function issueKey(tx: Queryable, clientId: string, { seconds }: KeyLife): Promise<IssuedKey> {
  const { id, key, sha256 } = makeApiKey();
  const values = [id, clientId, sha256, seconds];
  const [row] = await tx.query<{ expiresAt: Date | null }>(INSERT_KEY, values);
  return { id, key: new Secret(key), expiresAt: row?.expiresAt ?? null };
}

async function revoke(tx: Queryable, keyId: string): Promise<void> {
  await tx.query('update client_keys set revoked_at = coalesce(revoked_at, now()) where id = $1', [
    keyId,
  ]);
}

const factsOf = (issued: IssuedKey | undefined) =>
  issued && { key_id: issued.id, expires_at: issued.expiresAt };

/** Two live keys are a rotation in progress; a third would be a forgotten one. */
function requireRoom({ id, keys }: RegisteredClient): void {
  const live = keys.filter((key) => key.live);
  if (live.length < 2) return;
  const [idlest] = live.toSorted((a, b) => lastUse(a) - lastUse(b));
  throw new Refused(
    `Client "${id}" has two live keys already: ${live.map(inWords).join(' and ')}. ` +
      `First revoke the one out of use: gatehouse clients revoke-key ${id} ${idlest?.id ?? ''}`,
  );
}

const lastUse = ({ lastUsedAt }: RegisteredKey): number => lastUsedAt?.getTime() ?? 0;

const inWords = ({ id, lastUsedAt }: RegisteredKey): string =>
  `${id} (${lastUsedAt ? `last used ${lastUsedAt.toISOString()}` : 'never used'})`;

function requireKey({ id, keys }: RegisteredClient, keyId: string): void {
  if (keys.some((key) => key.id === keyId)) return;
  const known = keys.map((key) => key.id).join(', ') || 'none';
  throw new Refused(`Client "${id}" has no key ${JSON.stringify(keyId)}; its keys: ${known}.`);
}
