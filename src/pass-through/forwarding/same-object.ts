/** Refuses replies about another object than the one that was asked for: they may be of another tenant. */
import type { Tenant } from '../../core/identity.ts';
import { isObject, type JsonObject } from '../../core/json.ts';
import { comparableAddress } from '../../core/mail-address.ts';
import { UpstreamFailure } from '../../workos/failure.ts';
import { requireSameId, StoredId } from '../../workos/parse-reply.ts';
import { organizationIdOf } from '../../workos/translate-ids.ts';
import type { ForwardedEndpoint } from './forwarded-endpoint.ts';
import type { Request } from './request.ts';
import type { Owner } from './store.ts';

/** The fields of objects by which paths name them. */
const NAMED_BY: Readonly<Record<string, string>> = {
  id: 'id',
  group_id: 'id',
  external_id: 'external_id',
  slug: 'slug',
  token: 'token',
};
/** Paths whose reply is the object that a parameter names: they end with it, or with what is done to it. */
const OF_OBJECT =
  /\{(\w+)\}(?:\/(?:accept|deactivate|disable|enable|expire|organization-memberships|permissions(?:\/\{\w+\})?|reactivate|resend|revoke|verify))?$/;
const OF_USER = '/user_management/users/{id}/';

/** The tenant and the user whose object is asked for, as a permit names them. */
interface Whose {
  readonly tenant?: Tenant;
  readonly owner?: Owner;
  readonly userId?: string;
}

/** An object that does not say which one it is counts as another. @throws UpstreamFailure `invalid-response` */
export function requireAskedObject({ endpoint, params }: Request, reply: unknown): void {
  // The members of a group are a list at a path that ends as an act does.
  if (!isObject(reply) || isList(endpoint)) return;
  const values: Readonly<Record<string, string>> | undefined = params;
  const name = OF_OBJECT.exec(endpoint.path)?.[1] ?? '';
  const field = NAMED_BY[name];
  // The reply to the check of a code holds the challenge.
  const object = isObject(reply.challenge) ? reply.challenge : reply;
  if (field !== undefined && object[field] !== values?.[name]) throw anotherObject();
}

/**
 * Returns the object if it is as the request says: a new one has no id that was asked for. Call it
 * before the object gets an owner.
 *
 * @throws UpstreamFailure `invalid-response`
 */
export function requireWantedObject(request: Request, whose: Whose, reply: unknown): unknown {
  if (!isObject(reply)) return reply;
  const { endpoint, params, body } = request;
  const { tenant } = whose;
  requireStorable(reply.id);
  requireStorable(reply.user_id);
  if (tenant) requireOrganization(tenant.organizationId, reply);
  const isOne = repliesWithOne(endpoint);
  if (tenant && isOne && organizationIdOf(reply) === undefined) throw anotherObject();
  const asked = askedUserId(request, whose);
  const userId = userIdOf(reply);
  // A new factor may name no user.
  const namesUser = isOne && request.rule !== 'new';
  if (asked !== undefined && (namesUser || userId !== undefined))
    requireSameId(asked, { id: userId });
  if (endpoint.method === 'post' && isObject(body)) requireSameEmail(body.email, reply);
  if (endpoint.path === '/auth/factors/{id}/challenge')
    requireSameId(params?.id ?? '', { id: reply.authentication_factor_id });
  return reply;
}

const isList = ({ query }: ForwardedEndpoint): boolean =>
  query !== undefined && 'limit' in query.shape;

/** True if the operation replies with one object, which names its organization and its user if it has them. */
const repliesWithOne = (endpoint: ForwardedEndpoint): boolean =>
  'body' in endpoint.reply && !endpoint.forward.unmarked && !isList(endpoint);

/** Refuses an object that names another organization. @throws UpstreamFailure `invalid-response` */
export function requireOrganization(asked: string | null, object: JsonObject): void {
  const organizationId = organizationIdOf(object);
  if (organizationId !== undefined && organizationId !== asked) throw anotherObject();
}

/** An odd id could be neither stored nor used. @throws UpstreamFailure `invalid-response` */
function requireStorable(id: unknown): void {
  if (typeof id === 'string' && !StoredId.safeParse(id).success)
    throw new UpstreamFailure('invalid-response', { reason: 'an odd id' });
}

/** The user that the request is about. One looked up by e-mail address may have lost the address to another user since. */
function askedUserId(
  { endpoint, params, body }: Request,
  { userId, owner }: Whose,
): string | undefined {
  if (endpoint.path.startsWith(OF_USER)) return params?.id;
  const named = isObject(body) && typeof body.user_id === 'string' ? body.user_id : undefined;
  return userId ?? owner?.userId ?? named;
}

/** The user whom an object of theirs names. */
function userIdOf({ user_id: id, user, owner }: JsonObject): string | undefined {
  const ofOwner = isObject(owner) && owner.type === 'user' ? owner.id : undefined;
  const found = id ?? (isObject(user) ? user.id : ofOwner);
  return typeof found === 'string' ? found : undefined;
}

/** @throws UpstreamFailure `invalid-response` */
export function requireSameEmail(asked: unknown, { email }: { readonly email?: unknown }): void {
  if (typeof asked !== 'string') return;
  const isSame = typeof email === 'string' && comparableAddress(asked) === comparableAddress(email);
  if (!isSame) throw anotherObject();
}

/** Requires the object that is read at a path. @throws UpstreamFailure `invalid-response` */
export function requireObjectAt(path: string, object: JsonObject): void {
  const [kind, asked = ''] = path.split('/').slice(-2);
  const found = kind === 'by_token' ? object.token : object.id;
  if (found !== decodeURIComponent(asked)) throw anotherObject();
}

const anotherObject = () =>
  new UpstreamFailure('invalid-response', { reason: 'another object than was asked for' });
