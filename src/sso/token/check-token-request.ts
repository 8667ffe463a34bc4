/** The checks of `POST /sso/token` before its code is used up. */
import type { Authenticator } from '../../auth/passport.ts';
import type { TokenSealer } from '../../core/encryption.ts';
import { hasScope, mayUseTenant, type Client } from '../../core/identity.ts';
import type { FindTenant } from '../../core/ports.ts';
import { invalidField, Problem } from '../../core/problem.ts';
import type { InputOf } from '../../http/endpoint.ts';
import { invalidGrant } from '../codes/code-attempt.ts';
import type { ssoContract } from '../protocol/contract.ts';
import { challengeOf, isSealedClient, type SealedCode } from '../protocol/flow.ts';
import { usableTenant } from '../protocol/login-target.ts';
import { authenticateClient } from './client-authentication.ts';

export interface TokenRequestDeps {
  readonly authenticator: Authenticator;
  readonly sealer: TokenSealer;
  readonly findTenant: FindTenant;
}

export type TokenInput = InputOf<typeof ssoContract, 'exchangeSsoCode'>;

/** Checks everything that can be checked before the code is used up, so that a wrong request can be corrected and sent again. @throws Problem with an OAuth error code */
export async function checkTokenRequest(
  deps: TokenRequestDeps,
  { body, headers, identified, limited }: TokenInput,
) {
  const client = await authenticateClient(deps.authenticator, headers, body);
  identified(client);
  await limited(client);
  requireGrant(client, body.grant_type);
  if (!body.code) throw invalidField('code', 'required', 'is required');
  const sealed = deps.sealer.open<SealedCode>('code', body.code);
  if (!sealed) throw invalidGrant('code_unreadable');
  const { selector: target } = sealed;
  const requested = 'organization' in target ? target.organization : undefined;
  await checkSealed(deps, client, sealed, body, requested);
  return { client, sealed, requested };
}

/** @throws Problem `invalid-grant` */
async function checkSealed(
  { findTenant }: TokenRequestDeps,
  client: Client,
  sealed: SealedCode,
  body: TokenInput['body'],
  requested: string | undefined,
): Promise<void> {
  if (!isSealedClient(client, sealed)) throw invalidGrant('code_of_other_client');
  if (body.redirect_uri && body.redirect_uri !== sealed.redirectUri)
    throw invalidGrant('redirect_uri_differs');
  requireVerifier(sealed.challenge, body.code_verifier);
  // The tenant may have been suspended, or taken from the client, since the login began.
  if (requested !== undefined && !(await usableTenant(findTenant, client, requested)))
    throw invalidGrant(
      mayUseTenant(client, requested) ? 'tenant_not_active' : 'client_not_allowed',
    );
}

function requireGrant(client: Client, grantType: string | undefined): void {
  if (!grantType) throw invalidField('grant_type', 'required', 'is required');
  if (grantType !== 'authorization_code')
    throw new Problem('unsupported-grant-type', 'grant_type must be authorization_code.');
  if (!hasScope(client, 'sso:login'))
    throw new Problem('unauthorized-client', 'The client lacks the scope sso:login.');
}

/** RFC 7636 §4.6. Refuses a verifier without a challenge: it shows a PKCE downgrade (RFC 9700 §2.1.1). */
function requireVerifier(challenge: string | undefined, verifier: string | undefined): void {
  if (challenge === undefined && !verifier) return;
  const wellFormed = verifier !== undefined && /^[A-Za-z0-9._~-]{43,128}$/.test(verifier);
  if (!wellFormed || challengeOf(verifier) !== challenge) throw invalidGrant('verifier_wrong');
}
