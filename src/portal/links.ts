import { isLoopback } from '../config/config.ts';
import { Problem } from '../core/problem.ts';
import { Secret } from '../core/secret.ts';
import { isNotFound } from '../workos/failure.ts';
import type { Upstream } from '../workos/upstream.ts';

export interface LinkRequest {
  readonly organization: string;
  readonly intent: string;
  readonly return_url?: string | undefined;
  readonly success_url?: string | undefined;
  readonly it_contact_emails?: readonly string[] | undefined;
  readonly admin_emails?: readonly string[] | undefined;
  readonly intent_options?: unknown;
}

export interface LinkDeps {
  readonly upstream: Upstream;
  readonly hosts: readonly string[];
  readonly development: boolean;
  /** Turns a 404 of WorkOS into the problem to throw, after a second look. */
  readonly onMissing: (organizationId: string) => Promise<Problem>;
}

export type Links = ReturnType<typeof createLinks>;

/**
 * Mints portal links. Posts by itself, because the SDK's method knows only the older name of the
 * contacts; minting twice is harmless, each link stands alone.
 *
 * @see https://workos.com/docs/reference/admin-portal/portal-link/generate
 */
export const createLinks = ({ upstream, hosts, development }: Omit<LinkDeps, 'onMissing'>) => ({
  /** @throws Problem `upstream-*`, or what `onMissing` gives */
  async mint(request: LinkRequest, onMissing: LinkDeps['onMissing']): Promise<Secret> {
    try {
      const { data } = await upstream.call({ class: 'portal', repeatable: true }, (workos) =>
        workos.post<{ link?: unknown } | null>('/portal/generate_link', request),
      );
      return acceptedLink(data?.link, hosts, development);
    } catch (error) {
      throw isNotFound(error) ? await onMissing(request.organization) : error;
    }
  },
});

const PRINTABLE = /^[\x21-\x7e]{1,8192}$/;

/** A link we may send a browser to. Whatever WorkOS answered instead is not repeated anywhere. */
function acceptedLink(link: unknown, hosts: readonly string[], development: boolean): Secret {
  const text = typeof link === 'string' && PRINTABLE.test(link) ? link : '';
  const url = URL.parse(text);
  if (url && isPortal(url, hosts, development) && url.username === '' && url.password === '')
    return new Secret(text);
  throw new Problem('upstream-invalid-response', 'WorkOS answered a portal link that is not one.');
}

function isPortal(url: URL, hosts: readonly string[], development: boolean): boolean {
  if (url.protocol === 'https:') return hosts.includes(url.host);
  const local = development && url.protocol === 'http:' && isLoopback(url.hostname);
  return local && (hosts.includes(url.host) || hosts.includes(url.hostname));
}
