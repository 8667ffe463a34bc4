import type { ActingUser } from '../core/identity.ts';
import { Problem } from '../core/problem.ts';
import { cookiesIn } from '../http/cookies.ts';
import { bearerOf } from './authorization-header.ts';
import { CredentialRefused } from './credential-refused.ts';
import type { Authenticator } from './passport.ts';

type Headers = Readonly<Record<string, string | undefined>>;

/**
 * Finds the user who is signed in to the product. Programs send the user token as a bearer token,
 * browsers in the cookie named by `USER_TOKEN_COOKIE`.
 *
 * @returns undefined when there is no token. @throws Problem `invalid-user-token`
 */
export const signedInUser =
  (authenticator: Authenticator, cookie: string | undefined) =>
  async (headers: Headers): Promise<ActingUser | undefined> => {
    const token = bearerOf(headers.authorization) ?? (cookie && onlyCookie(headers.cookie, cookie));
    if (!token) return undefined;
    const user = await authenticator.user({ headers: { 'gatehouse-user-token': token } });
    if (!user || user instanceof CredentialRefused) throw invalidSignIn(user);
    return user;
  };

/** @param cause the reason, for the log */
export const invalidSignIn = (cause: CredentialRefused | undefined): Problem =>
  new Problem('invalid-user-token', 'The sign-in is no longer valid.', { cause });

/** Returns undefined if two cookies have the name: a subdomain may have set one of them. */
function onlyCookie(header: string | undefined, name: string): string | undefined {
  const values = cookiesIn(header).filter(([known]) => known === name);
  return values.length === 1 ? values[0]?.[1] : undefined;
}
