/** What a person does with a browser, and what only a test wants to know or to force, without HTML. */
import { redirectToClient } from '../sso/authorize.ts';
import { issueCode } from '../sso/codes.ts';
import { profileOf, providerOf, saveUser, usersOf } from '../sso/profiles.ts';
import type { RequestLog } from '../http/request-log.ts';
import { SignInError } from '../sso/sign-in-errors.ts';
import type { IdentityProvider, Profile } from '../state/state.ts';
import type { World } from '../state/world.ts';

export interface SignInOptions {
  /**
   * Default: the connection's first user. Another `organization_id` or `connection_id` makes a
   * profile that is of another place than the one asked for.
   */
  user?: Partial<Profile>;
  /** The code to come back with instead of signing in. */
  error?: string;
}

export interface SignInControls {
  /** A user of a connection: known by `id`, `idp_id` or `email` and then changed, or new. */
  addUser(connectionId: string, user: Partial<Profile>): Profile;
  /**
   * Opens an authorization URL of this fake and sends the login page's form.
   * @returns where the browser is sent: the redirect URI with a code, or with an error
   * @throws Error where `/sso/authorize` shows an error page
   */
  signIn(authorizeUrl: string, options?: SignInOptions): Promise<URL>;
  /**
   * A sign-in that began at the identity provider: the redirect URI with a code, or with an error
   * and the ids of connection and organization, and without a state.
   */
  idpInitiated(
    connectionId: string,
    redirectUri: string,
    user?: Partial<Profile>,
    error?: string,
  ): Promise<URL>;
  /** A code that nobody asked for; `query` is what `/sso/authorize` would have been asked. */
  issueCode(
    connectionId: string,
    options?: { user?: Partial<Profile>; query?: Record<string, string> },
  ): string;
  /** Whose code it is. */
  profileOf(code: string): Profile;
  /** How often `POST /sso/token` was called with the code, whatever came of it. */
  tokenCalls(code: string): number;
  /** Where `/sso/logout` ends for users of a connection; without, it shows a page. */
  setPostLogoutUri(connectionId: string, uri: string): void;
}

/** @param saved keeps what has changed, and hands on what it is given */
export function createSignInControls(
  world: World,
  { requestsTo }: RequestLog,
  saved: <T>(result: T) => T,
): SignInControls {
  const { state } = world;
  return {
    addUser: (id, user) => saved(saveUser(world, providerOf(world, id), user)),
    signIn: (authorizeUrl, options) => signIn(world, authorizeUrl, options),
    idpInitiated: (id, redirectUri, user, error) =>
      Promise.resolve(saved(idpInitiated(world, id, redirectUri, { user, error }))),
    issueCode: (id, { user, query } = {}) =>
      saved(issueCode(world, userFor(world, providerOf(world, id), user).id, query).code),
    profileOf: (code) => profileOf(world, state.codes.get(code)?.profile_id ?? code),
    tokenCalls: (code) =>
      requestsTo('POST /sso/token').filter(
        ({ body }) => (body as { code?: unknown } | undefined)?.code === code,
      ).length,
    setPostLogoutUri: (id, uri) => {
      saved(state.postLogoutUris.set(id, uri));
    },
  };
}

async function signIn(
  world: World,
  authorizeUrl: string,
  { user, error }: SignInOptions = {},
): Promise<URL> {
  const login = await onward(await fetch(authorizeUrl, { redirect: 'manual' }));
  const session = login.origin === world.url ? login.searchParams.get('session') : null;
  const started = world.state.signIns.get(session ?? '');
  if (!started) return login;
  const body = new URLSearchParams({ session: started.token });
  if (error === undefined) body.set('user', userFor(world, started.identity_provider, user).id);
  else body.set('error', error);
  return onward(
    await fetch(`${world.url}/idp/login`, { method: 'POST', body, redirect: 'manual' }),
  );
}

function idpInitiated(
  world: World,
  connectionId: string,
  redirectUri: string,
  { user, error }: { user: Partial<Profile> | undefined; error: string | undefined },
): URL {
  const provider = providerOf(world, connectionId);
  const query = { redirect_uri: redirectUri };
  const { headers } = redirectToClient(
    query,
    error === undefined
      ? { code: issueCode(world, userFor(world, provider, user).id, query).code }
      : {
          error,
          error_description: new SignInError(error).message,
          connection_id: connectionId,
          organization_id: provider.organization_id ?? '',
        },
  );
  return new URL(headers?.Location ?? '');
}

function userFor(
  world: World,
  provider: IdentityProvider,
  given: Partial<Profile> | undefined,
): Profile {
  const [first] = usersOf(world, provider);
  return given || !first ? saveUser(world, provider, given ?? {}) : first;
}

async function onward(response: Response): Promise<URL> {
  const location = response.headers.get('location');
  if (location !== null) return new URL(location, response.url);
  const title = /<h1>(.*)<\/h1>\s*<p>(.*)<\/p>/.exec(await response.text());
  throw new Error(
    `The fake WorkOS answered ${response.status}: ${title?.slice(1).join(': ') ?? ''}`,
  );
}
