import { z } from 'zod';
import type { Answer } from '../http/answer.ts';
import { isLoopback } from '../config.ts';
import type { Client } from '../identity.ts';
import { Problem } from '../problem.ts';
import { Secret } from '../secret.ts';
import { isNotFound, UpstreamFailure } from '../workos/failure.ts';
import type { Upstream } from '../workos/upstream.ts';
import type { Sealer } from './sealed.ts';
import type { SsoStore } from './store.ts';

export interface LogoutDeps {
  readonly upstream: Upstream;
  readonly sealer: Sealer;
  readonly store: SsoStore;
  readonly publicUrl: string;
  readonly development: boolean;
}

const LOGOUT_SECONDS = 300;
const Authorization = z.looseObject({ logout_url: z.url() });

/** Signing out at the identity provider, of users whom the client has signed in. */
export const createLogout = ({ upstream, sealer, store, publicUrl, development }: LogoutDeps) => ({
  /** @throws Problem `not-found` unless this client has signed the profile in */
  async authorize(client: Client, profileId: string) {
    if (!(await store.hasSignedIn(client.id, profileId))) throw unknownProfile();
    const { data } = await upstream
      .call({ class: 'sso', repeatable: true }, (workos) =>
        workos.post<unknown>('/sso/logout/authorize', { profile_id: profileId }),
      )
      .catch((error: unknown) => {
        throw isNotFound(error) ? unknownProfile() : error;
      });
    const url = acceptedUrl(data, development);
    const token = await sealer.seal('logout', { url }, LOGOUT_SECONDS);
    return {
      logout_url: `${publicUrl}/sso/logout?${new URLSearchParams({ token }).toString()}`,
      logout_token: token,
    };
  },

  /** The browser's half. @throws Problem `login-expired` */
  async redirect(token: string | undefined): Promise<Answer> {
    const sealed =
      token === undefined ? undefined : await sealer.open<{ url: string }>('logout', token);
    if (!sealed) throw new Problem('login-expired', 'The address to sign out has expired.');
    return { status: 302, redirect: new Secret(sealed.url) };
  },
});

const unknownProfile = () =>
  new Problem('not-found', 'This client has not signed in such a profile.');

/** Only WorkOS may be where a browser is sent to sign out. */
function acceptedUrl(data: unknown, development: boolean): string {
  const parsed = Authorization.safeParse(data);
  const url = parsed.success ? new URL(parsed.data.logout_url) : undefined;
  const ofWorkos = url?.protocol === 'https:' && /(^|\.)workos\.com$/.test(url.hostname);
  const local = development && url !== undefined && isLoopback(url.hostname);
  if (!url || !(ofWorkos || local))
    throw new UpstreamFailure('invalid-response', { reason: 'no logout address' });
  return url.href;
}
