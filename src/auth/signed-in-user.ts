import type { ActingUser } from '../core/identity.ts';
import { Problem } from '../core/problem.ts';
import { bearerOf } from './authorization-header.ts';
import { CredentialRefused } from './credential-refused.ts';
import type { Authenticator } from './passport.ts';

type Headers = Readonly<Record<string, string | undefined>>;

/** The token of whoever is signed in at the product: a header for programs, a cookie for browsers. */
export const signedInUser =
  (authenticator: Authenticator, cookie: string | undefined) =>
  async (headers: Headers): Promise<ActingUser | undefined> => {
    const token = bearerOf(headers.authorization) ?? (cookie && cookieOf(headers.cookie, cookie));
    if (!token) return undefined;
    const user = await authenticator.user({ headers: { 'gatehouse-user-token': token } });
    if (!user || user instanceof CredentialRefused) throw invalidSignIn(user);
    return user;
  };

/** @param cause why, for the log */
export const invalidSignIn = (cause: CredentialRefused | undefined): Problem =>
  new Problem('invalid-user-token', 'The sign-in is not valid any more.', { cause });

function cookieOf(header: string | undefined, name: string): string | undefined {
  const found = (header ?? '')
    .split(';')
    .map((part) => part.trim())
    .filter((part) => part.startsWith(`${name}=`));
  // Two cookies of one name: a subdomain may have planted the other.
  return found.length === 1 ? found[0]?.slice(name.length + 1) : undefined;
}
