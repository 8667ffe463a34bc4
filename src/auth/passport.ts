import passport from 'passport';
import type { ActingUser, Client } from '../core/identity.ts';
import { CredentialRefused } from './credential-refused.ts';
import { bearerOf } from './authorization-header.ts';
import { CredentialStrategy, type Credentials, type Identify } from './strategies.ts';

export interface PrincipalSources {
  readonly clientByKey: Identify<Client>;
  readonly clientByToken: Identify<Client>;
  readonly userByToken: Identify<ActingUser>;
}

/** `CredentialRefused` says why the credential is invalid. Undefined when there is none, or it is unknown. */
export type Authenticated<T> = T | CredentialRefused | undefined;

/** Turns the credentials of a request into the client or user they belong to. */
export interface Authenticator {
  client(request: Credentials): Promise<Authenticated<Client>>;
  user(request: Credentials): Promise<Authenticated<ActingUser>>;
}

const isApiKey = (credential: string | undefined): boolean =>
  credential?.startsWith('gh_') ?? false;

const bearer = ({ headers }: Credentials) => bearerOf(headers.authorization);

export function createAuthenticator(sources: PrincipalSources): Authenticator {
  // A separate instance, because passport's default export is shared by the whole process.
  const instance = new passport.Passport();
  const key = (request: Credentials) => onlyIf(bearer(request), isApiKey);
  const token = (request: Credentials) => onlyIf(bearer(request), (value) => !isApiKey(value));
  const userToken = ({ headers }: Credentials) =>
    headers['gatehouse-user-token'] as string | undefined;
  instance.use('client-key', new CredentialStrategy(key, sources.clientByKey));
  instance.use('client-token', new CredentialStrategy(token, sources.clientByToken));
  instance.use('user-token', new CredentialStrategy(userToken, sources.userByToken));
  return {
    client: (request) =>
      authenticate<Client>(
        instance,
        isApiKey(bearer(request)) ? 'client-key' : 'client-token',
        request,
      ),
    user: (request) => authenticate<ActingUser>(instance, 'user-token', request),
  };
}

const onlyIf = (value: string | undefined, test: (value: string) => boolean) =>
  value !== undefined && test(value) ? value : undefined;

type Authenticate = (request: unknown, response: unknown, next: (error?: Error) => void) => void;

/**
 * Passport gets an object with the headers instead of the request, so what it attaches is freed once
 * the principal is known, and not only when WorkOS has answered.
 */
function authenticate<T extends object>(
  instance: passport.Authenticator,
  strategy: string,
  { headers }: Credentials,
): Promise<Authenticated<T>> {
  return new Promise((resolve, reject) => {
    const done = (error: Error | null, principal?: T | false | null, refusal?: unknown) => {
      if (error) reject(error);
      else if (principal) resolve(principal);
      else resolve(refusal instanceof CredentialRefused ? refusal : undefined);
    };
    // Typed for middleware; with a callback it is called as this.
    const run = instance.authenticate(strategy, { session: false }, done) as Authenticate;
    run({ headers }, {}, (error) => (error ? reject(error) : resolve(undefined)));
  });
}
