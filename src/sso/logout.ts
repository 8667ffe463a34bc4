import { z } from 'zod';
import type { Answer } from '../http/answer.ts';
import { isLoopback } from '../core/loopback.ts';
import type { InputOf } from '../http/endpoint.ts';
import type { FindClient } from '../core/ports.ts';
import { Problem } from '../core/problem.ts';
import { Secret } from '../core/secret.ts';
import { failureOf, isNotFound, UpstreamFailure } from '../workos/failure.ts';
import { parseReply } from '../workos/parse-reply.ts';
import type { Upstream } from '../workos/upstream.ts';
import type { ssoContract } from './protocol/contract.ts';
import { isSealedClient, sealedClient, type SealedClient } from './protocol/flow.ts';
import type { TokenSealer } from '../core/encryption.ts';
import type { SsoStore } from './codes/store.ts';

export interface LogoutDeps {
  readonly upstream: Upstream;
  readonly findClient: FindClient;
  readonly sealer: TokenSealer;
  readonly store: SsoStore;
  readonly publicUrl: string;
  readonly development: boolean;
}

const LOGOUT_SECONDS = 300;
const Authorization = z.object({ logout_url: z.url({ protocol: /^https?$/ }).max(8_192) });

/** Sealed into the logout token. */
interface SealedLogout extends Partial<SealedClient> {
  readonly url: string;
}

export type Logout = ReturnType<typeof createLogout>;

/** Signs users out at the identity provider. A client can sign out only users whom it has signed in, of tenants that it may use. */
export const createLogout = (deps: LogoutDeps) => ({
  /** POST /sso/logout/authorize. @throws Problem `not-found` unless this client has signed the profile in and may use its tenant */
  async authorize({ client, body }: InputOf<typeof ssoContract, 'authorizeSsoLogout'>) {
    const { profile_id: profileId } = body;
    const { sealer, publicUrl } = deps;
    if (!(await deps.store.hasSignedIn(client, profileId))) throw unknownProfile();
    const { data } = await deps.upstream
      .call({ class: 'sso', operation: 'logout', repeatable: true }, (workos) =>
        workos.post<unknown>('/sso/logout/authorize', { profile_id: profileId }),
      )
      .catch((error: unknown) => {
        throw refusalOf(error) ?? error;
      });
    const url = acceptedUrl(data, deps.development);
    const logout: SealedLogout = { url, ...sealedClient(client) };
    const token = sealer.seal('logout', logout, LOGOUT_SECONDS);
    return {
      logout_url: `${publicUrl}/sso/logout?${new URLSearchParams({ token }).toString()}`,
      logout_token: token,
    };
  },

  /** GET /sso/logout: redirects the browser to WorkOS. @throws Problem `login-expired` */
  async redirect({ query }: InputOf<typeof ssoContract, 'logoutSso'>): Promise<Answer> {
    const sealed = deps.sealer.open<SealedLogout>('logout', query.token ?? '');
    if (!sealed || !(await isRegistered(deps.findClient, sealed)))
      throw new Problem('login-expired', 'The address to sign out has expired.');
    return { status: 302, redirect: new Secret(sealed.url) };
  },
});

/** True if the client that requested the logout is still registered. */
async function isRegistered(
  findClient: FindClient,
  { client: id, generation }: SealedLogout,
): Promise<boolean> {
  // The token was sealed by a release that did not name the client.
  if (id === undefined) return true;
  const client = await findClient(id);
  return client !== undefined && isSealedClient(client, { client: id, generation });
}

const unknownProfile = () =>
  new Problem('not-found', 'This client has not signed in such a profile.');

/** Returns the problem for a refusal that concerns the profile, or undefined for any other error. */
function refusalOf(error: unknown): Problem | undefined {
  if (isNotFound(error)) return unknownProfile();
  const { status, code } = failureOf(error)?.facts ?? {};
  return status === 400 && code === 'connection_invalid'
    ? withOAuthMembers(
        new Problem(
          'connection-invalid',
          'Only users of OIDC connections can be signed out there.',
        ),
      )
    : undefined;
}

/** Adds the members that WorkOS's answer consists of. */
const withOAuthMembers = ({ slug, message }: Problem): Problem =>
  new Problem(slug, message, {
    members: { error: 'connection_invalid', error_description: message },
  });

/** Returns the logout URL of WorkOS's reply if it is an address of WorkOS. @throws UpstreamFailure */
function acceptedUrl(data: unknown, development: boolean): string {
  const url = new URL(parseReply(Authorization, data, 'a logout address').logout_url);
  if (!url.username && !url.password && isOfWorkos(url, development)) return url.href;
  throw new UpstreamFailure('invalid-response', { reason: 'not a logout address' });
}

const isOfWorkos = ({ protocol, hostname }: URL, development: boolean): boolean =>
  (protocol === 'https:' && hostname.endsWith('.workos.com')) ||
  (development && isLoopback(hostname));
