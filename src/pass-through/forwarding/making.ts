import { fromPostgres } from '../../db/problems.ts';
import type { Client } from '../../core/identity.ts';
import { Problem } from '../../core/problem.ts';
import { UpstreamFailure } from '../../workos/failure.ts';
import type { UpstreamClass } from '../../workos/upstream.ts';
import type { Note } from '../../audit-trail/audited.ts';
import type { OwnedKind } from './forwarded-endpoint.ts';
import { isObject } from '../../core/json.ts';
import type { OwnedStore } from './store.ts';
import type { Sender } from './sender.ts';

/** An object to be, and whose it will be. */
export interface ToBeMade {
  readonly kind: OwnedKind;
  readonly client: Client;
  readonly tenantId: string | null;
  readonly note: Note;
  /** Asked before the object is answered. @throws Problem if the caller has lost its right meanwhile */
  readonly confirm: () => Promise<unknown>;
}

export interface MakingDeps {
  readonly owned: OwnedStore;
  readonly sender: Pick<Sender, 'send'>;
}

/** What WorkOS can delete. Anything else expires there by itself, and nobody was told its id. */
const DELETABLE: Partial<Record<OwnedKind, readonly [UpstreamClass, string]>> = {
  factor: ['mfa', '/auth/factors/'],
  user: ['users', '/user_management/users/'],
};

/**
 * Has WorkOS make an object that only its maker may use. Whose it will be is noted before, so that
 * nothing is made while that cannot be written; and what cannot be given to its maker afterwards,
 * or may not be any more, is undone.
 *
 * @throws Problem, transient if the database did not take the note
 */
export async function making<T>(
  deps: MakingDeps,
  object: ToBeMade,
  make: () => Promise<T>,
): Promise<T> {
  const { owned } = deps;
  const { kind, client, tenantId, note } = object;
  const intent = await owned.intend(kind, client, tenantId).catch((error: unknown) => {
    throw notNoted(error, 'Nothing was made, because whose it is could not be recorded.');
  });
  // An intent that stays behind because of a second failure is found by `OwnedStore.prune`.
  const dropIntent = () => owned.forget(kind, intent, client).catch(() => undefined);
  const made = await make().catch(async (error: unknown) => {
    await dropIntent();
    throw error;
  });
  if (!isObject(made) || typeof made.id !== 'string') {
    await dropIntent();
    return made;
  }
  note({ id: made.id });
  await giveToMaker(deps, object, { intent, id: made.id }, dropIntent);
  return made;
}

/** @throws Problem if the object cannot be its maker's, or may not be any more; then it is undone */
async function giveToMaker(
  deps: MakingDeps,
  object: ToBeMade,
  made: { readonly intent: string; readonly id: string },
  dropIntent: () => Promise<unknown>,
): Promise<void> {
  const { kind, client, tenantId, note, confirm } = object;
  const undo = async () => {
    note({ undone: await undone(deps, object, made.id) });
  };
  const settle = () => deps.owned.settle(kind, made, client, tenantId);
  // Tried twice: a connection that breaks is replaced.
  const owner = await settle()
    .catch(settle)
    .catch(async (error: unknown) => {
      await undo();
      await dropIntent();
      throw notNoted(error, 'It was given up, because whose it is could not be recorded.');
    });
  await dropIntent();
  if (owner === 'nobody') {
    await undo();
    throw new Problem('unauthenticated', 'The client was deleted meanwhile.');
  }
  if (owner === 'other')
    throw new UpstreamFailure('invalid-response', { reason: 'an id that is another object’s' });
  await confirm().catch(async (error: unknown) => {
    // WorkOS answers a repeated request with what it made before: that stays.
    if (owner === 'maker') await undo();
    throw error;
  });
}

/** @returns whether WorkOS no longer has it */
async function undone({ owned, sender }: MakingDeps, { kind, client }: ToBeMade, id: string) {
  const [group, path] = DELETABLE[kind] ?? [];
  if (group === undefined || path === undefined) return false;
  // Handled at once: it may fail while the statement below is under way. The caller is told whether it is gone.
  const gone = sender
    .send({ class: group, method: 'delete', path: path + encodeURIComponent(id) })
    .then(
      () => true,
      () => false,
    );
  // The answer to the statement may have been lost, and not the statement.
  await owned.forget(kind, id, client).catch(() => undefined);
  return gone;
}

const notNoted = (error: unknown, message: string): Problem =>
  fromPostgres(error) ?? new Problem('dependency-unavailable', message, { cause: error });
