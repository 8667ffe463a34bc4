/** Test controls for signing in without a browser, and for inspecting codes and profiles. */
import { redirectToClient } from '../sso/authorize.ts';
import { issueCode } from '../sso/codes.ts';
import { profileOf, providerOf, saveUser, usersOf } from '../sso/profiles.ts';
import type { RequestLog } from '../http/request-log.ts';
import { SignInError } from '../sso/sign-in-errors.ts';
import type { IdentityProvider, Profile } from '../state/sign-in.ts';
import type { World } from '../state/world.ts';

export interface SignInOptions {
  /**
   * Default: the connection's first user. An `organization_id` or `connection_id` here makes a
   * profile of another organization or connection than the requested one.
   */
  user?: Partial<Profile>;
  /** Error code to return instead of signing in. */
  error?: string;
}

export interface SignInControls {
  /** Creates a user of a connection, or updates the one with this `id`, `idp_id` or `email`. */
  addUser(connectionId: string, user: Partial<Profile>): Profile;
  /**
   * Opens an authorization URL of this fake and submits the login form.
   * @returns the redirect target: the redirect URI with a code or an error
   * @throws Error if `/sso/authorize` shows an error page
   */
  signIn(authorizeUrl: string, options?: SignInOptions): Promise<URL>;
  /**
   * An IdP-initiated sign-in: returns the redirect URI without a state, and with a code, or with an
   * error and the ids of connection and organization.
   */
  idpInitiated(
    connectionId: string,
    redirectUri: string,
    user?: Partial<Profile>,
    error?: string,
  ): Promise<URL>;
  /** Issues a code without a sign-in. @param options.query the query of the skipped `/sso/authorize` */
  issueCode(
    connectionId: string,
    options?: { user?: Partial<Profile>; query?: Record<string, string> },
  ): string;
  /** The profile a code was issued for. */
  profileOf(code: string): Profile;
  /** Number of `POST /sso/token` calls with this code, successful or not. */
  tokenCalls(code: string): number;
  /** Redirect target of `/sso/logout` for users of a connection; by default it shows a page. */
  setPostLogoutUri(connectionId: string, uri: string): void;
}

/** @param saved saves the state and returns its argument */
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
  const login = await redirectTarget(await fetch(authorizeUrl, { redirect: 'manual' }));
  const session = login.origin === world.url ? login.searchParams.get('session') : null;
  const started = world.state.signIns.get(session ?? '');
  if (!started) return login;
  const body = new URLSearchParams({ session: started.token });
  if (error === undefined) body.set('user', userFor(world, started.identity_provider, user).id);
  else body.set('error', error);
  return redirectTarget(
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

async function redirectTarget(response: Response): Promise<URL> {
  const location = response.headers.get('location');
  if (location !== null) return new URL(location, response.url);
  const title = /<h1>(.*)<\/h1>\s*<p>(.*)<\/p>/.exec(await response.text());
  throw new Error(
    `The fake WorkOS answered ${response.status}: ${title?.slice(1).join(': ') ?? ''}`,
  );
}
