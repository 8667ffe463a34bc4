import type { JWTPayload } from 'jose';
import type { Config } from '../config/config.ts';
import type { ActingUser } from '../core/identity.ts';
import { Problem } from '../core/problem.ts';
import { isLine } from '../core/text.ts';
import { claimAt } from './claims.ts';
import { CredentialRefused } from './credential-refused.ts';
import type { VerifyToken } from './token-verifier.ts';
import { USER_ID } from '../core/user-id.ts';

const MAX_ROLES = 100;

/** Resolves a user token to the acting user it names. @throws CredentialRefused, KeysUnavailable */
export const userByToken =
  (verify: VerifyToken | undefined, claims: Config['userTokenClaims']) =>
  async (token: string): Promise<ActingUser> => {
    if (!verify) throw new CredentialRefused('no issuer of user tokens is configured');
    return actingUserOf(await verify(token), claims);
  };

function actingUserOf(payload: JWTPayload, claims: Config['userTokenClaims']): ActingUser {
  const { sub = '' } = payload;
  const tenantId = claimAt(payload, claims.tenant);
  const authorizedParty = claims.azp && claimAt(payload, claims.azp);
  if (!USER_ID.test(sub)) throw new CredentialRefused('the claim sub is not a user id');
  // Reject an array: the user's tenant would be ambiguous.
  if (typeof tenantId !== 'string')
    throw new CredentialRefused(`the claim ${claims.tenant} is missing or not one string`);
  // Postgres refuses NUL and replaces half a surrogate pair, so neither may be looked up.
  if (!isLine(tenantId))
    throw new CredentialRefused(`the claim ${claims.tenant} is not a tenant id`);
  return {
    id: sub,
    tenantId,
    roles: rolesOf(claimAt(payload, claims.roles)),
    ...(typeof authorizedParty === 'string' && { authorizedParty }),
    source: 'token',
  };
}

/** A text is one role, or several that are separated by spaces. */
const rolesOf = (claim: unknown): string[] => {
  const roles: unknown[] =
    typeof claim === 'string' ? [claim, ...claim.split(' ')] : Array.isArray(claim) ? claim : [];
  const named = roles.filter((role): role is string => typeof role === 'string');
  return [...new Set(named)].slice(0, MAX_ROLES);
};

/** Returns the user whom a client with `users:assert` names by header. @throws Problem `malformed-request` */
export function assertedUser(id: string, roles: string | undefined): ActingUser {
  if (!USER_ID.test(id)) {
    throw new Problem(
      'malformed-request',
      'Gatehouse-User-Id: must be 1 to 255 printable ASCII characters.',
      {
        errors: [
          {
            field: 'gatehouse-user-id',
            code: 'invalid_format',
            message: 'must be 1 to 255 printable ASCII characters',
          },
        ],
      },
    );
  }
  const named = (roles ?? '')
    .split(',')
    .map((role) => role.trim())
    .filter(Boolean);
  return { id, tenantId: undefined, roles: named.slice(0, MAX_ROLES), source: 'asserted' };
}
