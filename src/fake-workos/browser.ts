/** What a person does with a browser, for tests that need no HTML. */
import { backTo } from './authorize.ts';
import { issueCode } from './codes.ts';
import { providerOf, saveUser, usersOf } from './profiles.ts';
import { SignInError } from './sign-in-errors.ts';
import type { IdentityProvider, Profile } from './state.ts';
import type { World } from './world.ts';

export interface SignInOptions {
  /** Undefined: the connection's first user. */
  user?: Partial<Profile>;
  /** The code to come back with instead of signing in. */
  error?: string;
}

/**
 * Opens the authorization URL and sends the login page's form.
 * @returns where the browser is sent: the redirect URI with a code, or with an error
 * @throws Error where `/sso/authorize` shows an error page
 */
export async function signIn(
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

/** A sign-in that began at the identity provider: the redirect URI gets a code, or an error, and no state. */
export function idpInitiated(
  world: World,
  connectionId: string,
  redirectUri: string,
  user?: Partial<Profile>,
  error?: string,
): URL {
  const provider = providerOf(world, connectionId);
  const query = { redirect_uri: redirectUri };
  const { headers } = backTo(
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

export function userFor(
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
