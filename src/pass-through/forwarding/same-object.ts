/** Refuses replies about another object than the one that was asked for: they may be of another tenant. */
import type { Tenant } from '../../core/identity.ts';
import { isObject, type JsonObject } from '../../core/json.ts';
import { comparableAddress } from '../../core/mail-address.ts';
import { UpstreamFailure } from '../../workos/failure.ts';
import { requireSameId } from '../../workos/parse-reply.ts';
import { organizationIdOf } from '../../workos/translate-ids.ts';
import type { Request } from './request.ts';

/** The fields of objects by which paths name them. */
const NAMED_BY: Readonly<Record<string, string>> = {
  id: 'id',
  group_id: 'id',
  external_id: 'external_id',
  token: 'token',
};
/** A path whose reply is the object that its last parameter names. */
const OF_OBJECT = /\{(\w+)\}(?:\/(?:accept|deactivate|expire|reactivate|revoke|verify))?$/;

/** @throws UpstreamFailure `invalid-response` */
export function requireAskedObject({ endpoint, rule, params }: Request, reply: unknown): void {
  if (!isObject(reply)) return;
  const values: Readonly<Record<string, string>> | undefined = params;
  if (rule === 'member' && isObject(reply.user)) requireSameId(values?.id ?? '', reply.user);
  const name = OF_OBJECT.exec(endpoint.path)?.[1] ?? '';
  const field = NAMED_BY[name];
  // The reply to the check of a code holds the object, and has no id of its own.
  const isOther = field !== undefined && field in reply && reply[field] !== values?.[name];
  if (isOther) throw anotherObject();
}

/**
 * Returns the object if it is as the request says: a new one has no id that was asked for. Call it
 * before the object gets an owner.
 *
 * @throws UpstreamFailure `invalid-response`
 */
export function requireWantedObject(
  { endpoint, params, body }: Request,
  { tenant, userId }: { readonly tenant?: Tenant; readonly userId?: string },
  reply: unknown,
): unknown {
  if (!isObject(reply)) return reply;
  const organizationId = organizationIdOf(reply);
  if (tenant && organizationId !== undefined && organizationId !== tenant.organizationId)
    throw anotherObject();
  // Another user may have taken the e-mail address since it was looked up.
  if (userId !== undefined && typeof reply.user_id === 'string')
    requireSameId(userId, { id: reply.user_id });
  if (endpoint.method === 'post' && isObject(body)) requireSameEmail(body.email, reply);
  if (endpoint.path === '/auth/factors/{id}/challenge' && 'authentication_factor_id' in reply)
    requireSameId(params?.id ?? '', { id: reply.authentication_factor_id });
  return reply;
}

/** @throws UpstreamFailure `invalid-response` */
export function requireSameEmail(asked: unknown, { email }: { readonly email?: unknown }): void {
  if (typeof asked !== 'string' || typeof email !== 'string') return;
  if (comparableAddress(asked) !== comparableAddress(email)) throw anotherObject();
}

/** Requires the object that is read at a path. @throws UpstreamFailure `invalid-response` */
export function requireObjectAt(path: string, object: JsonObject): void {
  const [kind, asked = ''] = path.split('/').slice(-2);
  const found = kind === 'by_token' ? object.token : object.id;
  if (found !== decodeURIComponent(asked)) throw anotherObject();
}

const anotherObject = () =>
  new UpstreamFailure('invalid-response', { reason: 'another object than was asked for' });
