import type { Client } from '../core/identity.ts';

/** Why a client cannot restart IdP-initiated logins. */
interface Unfit {
  /** The end of a sentence about the client. */
  readonly why: string;
  /** The flags of `gatehouse clients update` that change it. Absent if there is no such client. */
  readonly flags?: string;
}

/** @returns undefined if the client can restart IdP-initiated logins */
export function unfitForSignIn(
  client: Pick<Client, 'disabled' | 'scopes' | 'initiateLoginUri'> | undefined,
): Unfit | undefined {
  if (!client) return { why: 'which is not registered' };
  if (client.disabled) return { why: 'which is disabled', flags: '--disabled false' };
  if (!client.scopes.includes('sso:login'))
    return {
      why: 'which lacks the scope sso:login',
      flags: `--scopes ${[...client.scopes, 'sso:login'].join(',')}`,
    };
  return client.initiateLoginUri === null
    ? { why: 'which has no initiate login URI', flags: '--initiate-login-uri https://…' }
    : undefined;
}
