/** The problems of callers who may not do what they ask for, in words that they can act on. */
import { hasScope, type ActingUser, type Client } from '../core/identity.ts';
import { Problem } from '../core/problem.ts';
import { echoed } from '../core/text.ts';
import { API_KEY } from '../core/wire-ids.ts';
import { bearerOf } from './authorization-header.ts';
import { CredentialRefused } from './credential-refused.ts';

const SEND_KEY = 'Send the key of your client: Authorization: Bearer gh_…';

/**
 * Says what is wrong with the form of an `Authorization` header. Only by its form, and the same for
 * every key of the right form: nobody learns which keys exist.
 */
function credentialFault(header = ''): string {
  if (header === '') return `The request has no Authorization header. ${SEND_KEY}`;
  const credential = bearerOf(header);
  if (credential === undefined) return headerFault(header);
  if (credential.startsWith('sk_')) return WORKOS_KEY;
  if (credential.startsWith('gh_')) return API_KEY.test(credential) ? WRONG_KEY : CUT_KEY;
  if (/^eyJ[^.]*\.[^.]+\.[^.]+$/.test(credential))
    return 'The workload token is expired, of another issuer or audience, or of no registered client. Ask the platform team if its issuer and subject are registered for your client.';
  return `The credential is neither a key of Gatehouse (gh_…) nor a workload token (a JWT). ${SEND_KEY}`;
}

const WRONG_KEY =
  'The key is unknown, expired or revoked, or its client is disabled. Ask the platform team for a new one.';
const CUT_KEY =
  'The key is incomplete or changed: it is gh_, 12 characters, _ and 43 characters. Send it as the platform team issued it.';

/** Also for a key that was sent as `client_secret`. */
export const WORKOS_KEY =
  'This is a WorkOS key (sk_…), which Gatehouse does not take. Send the key of your client instead: it begins with gh_, and the platform team issues it.';

function headerFault(header: string): string {
  const [scheme = ''] = /^[A-Za-z]+(?= )/.exec(header) ?? [];
  if (scheme.toLowerCase() === 'bearer')
    return `The Authorization header is malformed: after Bearer and one space there must be the key and nothing else. ${SEND_KEY}`;
  if (/^(gh|sk)_/.test(header))
    return `The Authorization header lacks its scheme, Bearer. ${SEND_KEY}`;
  return `The Authorization header must have the scheme Bearer. ${SEND_KEY}`;
}

/** @param cause why the credential is invalid, for the log */
export const unauthenticated = (
  { authorization }: { readonly authorization?: string | undefined },
  cause?: Error,
): Problem => {
  const fault = credentialFault(authorization);
  return new Problem('unauthenticated', fault, { cause: cause ?? refusedFor(fault) });
};

/** The first sentence, for the log: a proxy that removes the header looks like nothing else there. */
const refusedFor = (fault: string): Error => new CredentialRefused(fault.split('. ')[0] ?? '');

/** The client was deleted, replaced or disabled meanwhile. */
export const clientGone = (): Problem =>
  new Problem(
    'unauthenticated',
    'The client was deleted or disabled. Ask the platform team for a new key.',
  );

export const scopeMissing = ({ id }: Client, scope: string): Problem =>
  new Problem(
    'insufficient-scope',
    `This needs the scope ${scope}, which the client ${id} does not have. Ask the platform team to grant it.`,
  );

/** Names the ways that this client may use. */
export const actingUserRequired = (client: Client): Problem =>
  new Problem(
    'acting-user-required',
    hasScope(client, 'users:assert')
      ? 'This needs an acting user: send the user’s token in Gatehouse-User-Token, or name the user in Gatehouse-User-Id and Gatehouse-User-Roles.'
      : 'This needs an acting user: send the user’s token in Gatehouse-User-Token.',
  );

interface RefusedUser {
  readonly client: Client;
  readonly user: ActingUser;
  readonly tenantId: string | undefined;
  readonly isDenied: boolean;
}

/**
 * Says why the user is no IT admin. The client may use the tenant, and holds the user's token or names
 * the user's roles. What the registry says is only for clients that may read it.
 */
export function itAdminRequired(
  { client, user, tenantId, isDenied }: RefusedUser,
  wanted: readonly string[],
): Problem {
  const why = (text: string) => new Problem('it-admin-required', text);
  if (user.tenantId !== undefined && user.tenantId !== tenantId)
    return why(
      `The acting user’s token is of another tenant than ${tenantId ?? 'this one'}. Send the token of a user of this tenant, or correct the tenant id.`,
    );
  if (isDenied && hasScope(client, 'it_admins:read'))
    return why(
      `The registry of IT admins denies this user, whatever roles they have: GET /v1/tenants/${tenantId ?? '{tenant_id}'}/it-admins/{user_id}.`,
    );
  if (user.roles.some((role) => wanted.includes(role)))
    return why('The acting user is not an IT admin of this tenant.');
  return why(
    `The acting user is not an IT admin of this tenant: ${rolesOf(user)}, and an IT admin has ${wanted.join(' or ')}. Give the user the role, or a grant: PUT /v1/tenants/{tenant_id}/it-admins/{user_id}.`,
  );
}

const MAX_ROLES = 10;

function rolesOf({ roles, source }: ActingUser): string {
  const shown = roles.slice(0, MAX_ROLES).map(echoed);
  const more = roles.length > MAX_ROLES ? ` and ${roles.length - MAX_ROLES} more` : '';
  if (source === 'token')
    return shown.length === 0
      ? 'the token has no roles'
      : `the token has ${shown.join(', ')}${more}`;
  return shown.length === 0
    ? 'Gatehouse-User-Roles names no roles'
    : `Gatehouse-User-Roles names ${shown.join(', ')}${more}`;
}
