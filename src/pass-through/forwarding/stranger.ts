/**
 * Reduces users who were only invited to what the client knew when it invited them: id and e-mail address. A client
 * can invite anybody, and the other fields may have been set by other clients.
 */
import { mayUseEveryTenant } from '../../core/identity.ts';
import { isObject } from '../../core/json.ts';
import { mapInParallel } from '../../core/map-in-parallel.ts';
import type { Memberships } from './memberships.ts';
import type { Request } from './request.ts';

/** The membership, without the rest of its user if it is pending. */
export function withoutStranger({ client }: Pick<Request, 'client'>, object: unknown): unknown {
  if (mayUseEveryTenant(client) || !isObject(object)) return object;
  const { status, user } = object;
  if (status !== 'pending' || !isObject(user)) return object;
  return { ...object, user: strangerOf(user) };
}

/** The users of an organization, without the rest of those whom the client sees nowhere else. */
export async function withoutStrangers(
  memberships: Pick<Memberships, 'accessOf' | 'invitedTo'>,
  { client }: Pick<Request, 'client'>,
  organizationId: string,
  users: readonly unknown[],
): Promise<readonly unknown[]> {
  if (mayUseEveryTenant(client) || users.length === 0) return users;
  const invited = await memberships.invitedTo(organizationId);
  return mapInParallel(users, async (user) => {
    if (!isObject(user) || typeof user.id !== 'string') return user;
    if (invited && !invited.has(user.id)) return user;
    return (await memberships.accessOf(client, user.id)) === 'none' ? strangerOf(user) : user;
  });
}

const strangerOf = ({ id, email }: { readonly id?: unknown; readonly email?: unknown }) => ({
  object: 'user',
  id,
  email,
});
