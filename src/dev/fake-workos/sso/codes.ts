/** Authorization codes: valid for ten minutes, once, with the PKCE verifier of their challenge. */
import { createHash } from 'node:crypto';
import { expiryIn, deleteExpired, isLive } from '../state/expiry.ts';
import { ApiError } from '../http/operation.ts';
import { randomText } from '../state/ids.ts';
import type { IssuedCode } from '../state/sign-in.ts';
import type { World } from '../state/world.ts';

/** @see https://workos.com/docs/reference/sso/profile/get-profile-and-token */
const CODE_LIFETIME_MS = 10 * 60_000;

/** @param query of `/sso/authorize` */
export function issueCode(
  world: World,
  profileId: string,
  query: IssuedCode['query'] = {},
): IssuedCode {
  const issued: IssuedCode = {
    code: randomText(26),
    profile_id: profileId,
    query,
    expires_at: expiryIn(CODE_LIFETIME_MS, world.now()),
    used_at: null,
  };
  deleteExpired(world.state.codes, world.now());
  world.state.codes.set(issued.code, issued);
  return issued;
}

/**
 * Marks the code as used and returns it.
 * @throws ApiError `invalid_grant`, without using up the code
 */
export function spendCode(world: World, code: string, verifier: string | undefined): IssuedCode {
  const issued = world.state.codes.get(code);
  if (issued?.used_at !== null || !isLive(issued, world.now()))
    throw invalidGrant(`The code '${code}' has expired or is invalid.`);
  if (challengeOf(verifier) !== issued.query.code_challenge)
    throw invalidGrant('The code verifier does not match the code challenge.');
  issued.used_at = world.now().toISOString();
  return issued;
}

function challengeOf(verifier: string | undefined): string | undefined {
  return verifier === undefined
    ? undefined
    : createHash('sha256').update(verifier).digest('base64url');
}

function invalidGrant(description: string): ApiError {
  return new ApiError(400, { error: 'invalid_grant', error_description: description });
}
