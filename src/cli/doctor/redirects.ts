import { Skipped } from './skipped.ts';
import { explainNetwork, first, get } from './http.ts';
import type { World } from './world.ts';

/** The answer of WorkOS to a redirect URI. */
export type RedirectAnswer =
  | { readonly accepted: true }
  | {
      readonly accepted: false;
      readonly why: 'client' | 'redirect-uri' | 'unknown';
      readonly says: string;
    };

/**
 * Begins a login at WorkOS, for an organization that does not exist. WorkOS redirects with an error to a
 * registered redirect URI, and to a page of its own (`error.workos.com/sso/redirect-uri-invalid`)
 * otherwise.
 *
 * @throws Skipped if WorkOS cannot be reached
 */
export async function tryRedirectUri(world: World, redirectUri: string): Promise<RedirectAnswer> {
  const url = new URL('/sso/authorize', world.setting('WORKOS_API_BASE_URL'));
  url.search = new URLSearchParams({
    client_id: world.setting('WORKOS_CLIENT_ID'),
    redirect_uri: redirectUri,
    response_type: 'code',
    organization: 'org_00000000000000000000000000',
    state: 'doctor',
  }).toString();
  const answer = await get(url, { proxies: world.proxies }).catch((error: unknown) => {
    throw new Skipped(`WorkOS cannot be reached: ${explainNetwork(error)}`);
  });
  const target = first(answer.headers.location) ?? '';
  if (target.startsWith(redirectUri)) return { accepted: true };
  const { pathname = '' } = URL.parse(target) ?? {};
  const page = target === '' ? answer.text.slice(0, 10_000) : pathname;
  const says = `${answer.status} ${pathname}`.trim();
  if (/client[ _-]?id/i.test(page)) return { accepted: false, why: 'client', says };
  if (/redirect[ _-]?uri/i.test(page)) return { accepted: false, why: 'redirect-uri', says };
  return { accepted: false, why: 'unknown', says };
}
