import { isLoopback } from '../../core/loopback.ts';
import { Problem } from '../../core/problem.ts';
import { Secret } from '../../core/secret.ts';
import { isNotFound } from '../../workos/failure.ts';
import type { Upstream } from '../../workos/upstream.ts';

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
  /** @param error undefined if the link was created */
  readonly onLink: (intent: string, error?: unknown) => void;
}

/** Returns the problem to throw after WorkOS answered 404 for the organization. */
type OnMissing = (organizationId: string) => Promise<Problem>;

export type Links = ReturnType<typeof createLinks>;

/**
 * Creates portal links at WorkOS. Uses `post`, because the SDK's own method knows only the older name of
 * the contacts. The call is retried: creating a second link does no harm.
 *
 * @see https://workos.com/docs/reference/admin-portal/portal-link/generate
 */
export const createLinks = ({ upstream, hosts, development, onLink }: LinkDeps) => ({
  /** @throws Problem `upstream-*`, or what `onMissing` gives */
  async mint(request: LinkRequest, onMissing: OnMissing): Promise<Secret> {
    try {
      const { data } = await upstream.call({ class: 'portal', repeatable: true }, (workos) =>
        workos.post<{ link?: unknown } | null>('/portal/generate_link', request),
      );
      const link = acceptedLink(data?.link, hosts, development);
      onLink(request.intent);
      return link;
    } catch (error) {
      const reported = isNotFound(error) ? await onMissing(request.organization) : error;
      onLink(request.intent, reported);
      throw reported;
    }
  },
});

/** Without the backslash, at which parsers of URLs disagree about the host. */
const PRINTABLE = /^[\x21-\x5b\x5d-\x7e]{1,8192}$/;

/** Returns the link if a browser may be sent there. The problem does not repeat what WorkOS answered instead. */
function acceptedLink(link: unknown, hosts: readonly string[], development: boolean): Secret {
  const text = typeof link === 'string' && PRINTABLE.test(link) ? link : '';
  const url = URL.parse(text);
  if (url && isPortal(url, hosts, development) && url.username === '' && url.password === '')
    return new Secret(text);
  throw new Problem('upstream-invalid-response', 'WorkOS’s reply has no valid portal link.');
}

function isPortal(url: URL, hosts: readonly string[], development: boolean): boolean {
  if (url.protocol === 'https:') return hosts.includes(url.host);
  const local = development && url.protocol === 'http:' && isLoopback(url.hostname);
  return local && (hosts.includes(url.host) || hosts.includes(url.hostname));
}
