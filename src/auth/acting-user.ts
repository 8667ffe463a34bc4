import type { JWTPayload } from 'jose';
import type { Config } from '../config/config.ts';
import type { ActingUser } from '../core/identity.ts';
import { Problem } from '../core/problem.ts';
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
  const tenantId = payload[claims.tenant];
  const authorizedParty = claims.azp && payload[claims.azp];
  if (!USER_ID.test(sub)) throw new CredentialRefused('the claim sub is not a user id');
  // Reject an array: the user's tenant would be ambiguous.
  if (typeof tenantId !== 'string')
    throw new CredentialRefused(`the claim ${claims.tenant} is missing or not one string`);
  return {
    id: sub,
    tenantId,
    roles: rolesOf(payload[claims.roles]),
    ...(typeof authorizedParty === 'string' && { authorizedParty }),
    source: 'token',
  };
}

const rolesOf = (claim: unknown): string[] => {
  const roles: unknown[] = Array.isArray(claim) ? claim : [claim];
  return roles.filter((role): role is string => typeof role === 'string').slice(0, MAX_ROLES);
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
