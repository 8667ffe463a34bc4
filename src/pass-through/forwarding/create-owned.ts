import type { Note } from '../../audit-trail/audited.ts';
import type { Client } from '../../core/identity.ts';
import { isObject, type JsonObject } from '../../core/json.ts';
import { Problem } from '../../core/problem.ts';
import { fromPostgres } from '../../db/problems.ts';
import { UpstreamFailure } from '../../workos/failure.ts';
import { aboutTheRequest } from '../../workos/problems.ts';
import type { UpstreamClass } from '../../workos/call-options.ts';
import type { OwnedKind } from './forwarded-endpoint.ts';
import { claimLost, mayHaveCreated, type Findable } from './lost-object.ts';
import type { RequestSender } from './request-sender.ts';
import type { CreatedObject, OwnedStore } from './store.ts';
import { idOfToken } from './token-id.ts';

/** An object that WorkOS is about to create, and its future owner. */
export interface NewObject {
  readonly kind: OwnedKind;
  readonly client: Client;
  readonly tenantId: string | null;
  readonly note: Note;
  /** Undefined if a repeated request creates another object. */
  readonly findable?: Findable | undefined;
  /** Runs before the object is answered. @throws Problem if the caller has lost its right meanwhile */
  readonly confirm: () => Promise<unknown>;
}

export interface CreateOwnedDeps {
  readonly owned: OwnedStore;
  readonly sender: Pick<RequestSender, 'send'>;
}

/** Kinds that WorkOS can delete. The others expire there, and nobody has learned their ids. */
const DELETABLE: Partial<Record<OwnedKind, readonly [UpstreamClass, string]>> = {
  factor: ['mfa', '/auth/factors/'],
  user: ['users', '/user_management/users/'],
  api_key: ['api_keys', '/api_keys/'],
};

/** A reset is confirmed by its token alone, so its owner is stored under the token's hash. */
const storedIdOf = (kind: OwnedKind, { id, password_reset_token: token }: JsonObject): unknown =>
  kind === 'password_reset' && typeof token === 'string' ? idOfToken({ token }) : id;

/** The user of a secret token: its holder may act as that user only as long as the client may. */
const userOf = (kind: OwnedKind, { user_id: userId }: JsonObject): string | null =>
  kind === 'password_reset' && typeof userId === 'string' ? userId : null;

/**
 * Creates an object at WorkOS that only its creator may use. The owner is stored first, so nothing
 * is created while the database is unavailable. An object whose owner cannot be stored afterwards,
 * or whose caller has lost its right, is deleted again.
 *
 * @throws Problem, transient if the database did not store the owner
 */
export async function createOwned<T>(
  deps: CreateOwnedDeps,
  object: NewObject,
  create: () => Promise<T>,
): Promise<T> {
  const { owned } = deps;
  const { kind, client, tenantId, note, findable } = object;
  const intent = await owned
    .intend(kind, client, tenantId, findable?.attemptsAt)
    .catch((error: unknown) => {
      throw notStored(error, 'Nothing was created, because its owner could not be stored.');
    });
  // An intent that a second failure leaves behind is removed by `OwnedStore.prune`.
  const dropIntent = () => owned.forget(kind, intent, client).catch(() => undefined);
  const created = await create().catch(async (error: unknown) => {
    if (findable && mayHaveCreated(error)) throw error;
    await dropIntent();
    if (findable && aboutTheRequest(error)) await claimLost(owned, { ...object, intent }, findable);
    throw error;
  });
  const id = isObject(created) ? storedIdOf(kind, created) : undefined;
  if (!isObject(created) || typeof id !== 'string') {
    await dropIntent();
    return created;
  }
  note({ id: created.id });
  await assignOwner(deps, object, { intent, id, userId: userOf(kind, created) }, () =>
    owned.dropAttempts(kind, intent, client).catch(() => undefined),
  );
  return created;
}

/** @throws Problem if the object cannot be assigned to its creator; then the object is deleted */
async function assignOwner(
  deps: CreateOwnedDeps,
  object: NewObject,
  created: CreatedObject,
  dropIntents: () => Promise<unknown>,
): Promise<void> {
  const { kind, client, tenantId, note, confirm } = object;
  const undo = async () => {
    note({ undone: await deleteAgain(deps, object, created.id) });
  };
  const settle = () => deps.owned.settle(kind, created, client, tenantId);
  // Tried twice: the pool replaces a broken connection.
  const owner = await settle()
    .catch(settle)
    .catch(async (error: unknown) => {
      await undo();
      await dropIntents();
      throw notStored(error, 'The object was abandoned, because its owner could not be stored.');
    });
  await dropIntents();
  if (owner === 'nobody') {
    await undo();
    throw new Problem('unauthenticated', 'The client was deleted meanwhile.');
  }
  if (owner === 'other')
    throw new UpstreamFailure('invalid-response', { reason: 'the id of another object' });
  await confirm().catch(async (error: unknown) => {
    // WorkOS answers a repeated request with the object of the first one, which stays.
    if (owner === 'maker') await undo();
    throw error;
  });
}

/** Returns true if WorkOS has deleted the object. */
async function deleteAgain(
  { owned, sender }: CreateOwnedDeps,
  { kind, client }: NewObject,
  id: string,
): Promise<boolean> {
  const [group, path] = DELETABLE[kind] ?? [];
  if (group === undefined || path === undefined) return false;
  // The rejection is handled here, because it may come while the statement below runs.
  const isDeleted = sender
    .send({ class: group, method: 'delete', path: path + encodeURIComponent(id) })
    .then(
      () => true,
      () => false,
    );
  // The owner may have been stored although the database's answer was lost.
  await owned.forget(kind, id, client).catch(() => undefined);
  return isDeleted;
}

const notStored = (error: unknown, message: string): Problem =>
  fromPostgres(error) ?? new Problem('dependency-unavailable', message, { cause: error });
