/** Objects that WorkOS created although its answer was lost, as when this process ended meanwhile. */
import { hash } from 'node:crypto';
import type { Note } from '../../audit-trail/audited.ts';
import { Cancelled } from '../../core/cancellation.ts';
import type { Client } from '../../core/identity.ts';
import { isObject } from '../../core/json.ts';
import { comparableAddress } from '../../core/mail-address.ts';
import { failureOf, wasNotApplied } from '../../workos/failure.ts';
import type { OwnedKind } from './forwarded-endpoint.ts';
import type { FoundObject } from './lost-objects-store.ts';
import type { Memberships } from './memberships.ts';
import type { OwnedStore } from './store.ts';

/** How the object is found that an equal request has created. */
export interface Findable {
  /** The same for equal requests of the client. */
  readonly attemptsAt: string;
  readonly find: () => Promise<FoundObject | undefined>;
}

/** A new user is found by the e-mail address, which WorkOS gives to one user only. */
export function findableOf(
  kind: OwnedKind,
  body: unknown,
  memberships: Memberships,
): Findable | undefined {
  if (kind !== 'user' || !isObject(body) || typeof body.email !== 'string') return undefined;
  const { email } = body;
  return {
    attemptsAt: hash('sha256', comparableAddress(email), 'hex'),
    find: () => memberships.userWithEmail(email),
  };
}

/** True if WorkOS may have created the object, although the call failed. */
export const mayHaveCreated = (error: unknown): boolean =>
  error instanceof Cancelled || (failureOf(error) !== undefined && !wasNotApplied(error));

interface Attempt {
  readonly kind: OwnedKind;
  readonly client: Client;
  readonly tenantId: string | null;
  readonly note: Note;
  readonly intent: string;
}

/**
 * Assigns the object to the client if an earlier, equal request of the client created it and was not
 * answered. Call it when WorkOS refuses the request: the object exists already.
 *
 * @throws UpstreamFailure, or the database's error; then a repeated request tries again
 */
export async function claimLost(
  owned: OwnedStore,
  { kind, client, tenantId, note, intent }: Attempt,
  { find }: Findable,
): Promise<void> {
  if (!(await owned.hasUnanswered(kind, intent, client, tenantId))) return;
  const object = await find();
  if (!object) return;
  const isClaimed = await owned.claim(kind, { ...object, intent }, client, tenantId);
  if (isClaimed) note({ claimed: object.id });
}
