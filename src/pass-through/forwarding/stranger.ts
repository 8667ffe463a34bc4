import { mayUseEveryTenant } from '../../core/identity.ts';
import { isObject } from '../../core/json.ts';
import type { Request } from './request.ts';

/**
 * Leaves of the user of a pending membership what the client knew when it invited them: a client can
 * invite anybody, and the rest may come from tenants of others.
 */
export function withoutStranger({ client }: Pick<Request, 'client'>, object: unknown): unknown {
  if (mayUseEveryTenant(client) || !isObject(object)) return object;
  const { status, user } = object;
  if (status !== 'pending' || !isObject(user)) return object;
  const { id, email } = user;
  return { ...object, user: { object: 'user', id, email } };
}
