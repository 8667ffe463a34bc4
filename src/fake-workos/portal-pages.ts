/** The pages behind a portal link, so that a person or a browser test can walk the whole way. */
import { ApiError, type Reply } from './http.ts';
import { organizationOf } from './organizations.ts';
import { finishSetup } from './portal-effects.ts';
import { PORTAL_STYLE } from './portal-style.ts';
import { intentInWords, renderNotice, renderSetup } from './portal-views.ts';
import type { PortalSession } from './state.ts';
import type { World } from './world.ts';

interface PageRequest {
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  /** The fields of a form that was sent. */
  readonly form: Readonly<Record<string, string>>;
}

/** A page is a reply whose body is text of its own type. */
interface PageReply extends Reply {
  readonly body: string;
}

export const isPage = (path: string): boolean =>
  path === '/portal/setup' || path === '/portal/style.css';

export function performPage(request: PageRequest, world: World): PageReply {
  if (request.path === '/portal/style.css')
    return { status: 200, body: PORTAL_STYLE, headers: { 'Content-Type': 'text/css' } };
  if (request.method !== 'GET' && request.method !== 'POST')
    return page(405, renderNotice({ title: 'Not allowed', text: 'Open the link in a browser.' }));
  const session = liveSession(world, request.form.token ?? request.query.token ?? '');
  if (!session) return page(410, renderNotice(EXPIRED));
  return request.method === 'GET'
    ? setupPage(world, session)
    : finish(world, session, request.form.domain ?? '');
}

const EXPIRED = {
  title: 'This link has expired',
  text: 'A setup link works for five minutes. Go back to where you came from and ask for a new one.',
};
const DONE = { title: 'Setup is finished', text: 'You can close this page.' };

function liveSession({ state, now }: World, token: string): PortalSession | undefined {
  const session = state.portalSessions.get(token);
  return session && Date.parse(session.expires_at) > now().getTime() ? session : undefined;
}

function finish(world: World, session: PortalSession, domain: string): PageReply {
  try {
    finishSetup(world, { session, domain });
  } catch (error) {
    if (error instanceof ApiError) return setupPage(world, session, domain);
    throw error;
  }
  const onward = session.success_url ?? session.return_url;
  if (onward === null) return page(200, renderNotice(DONE));
  return { status: 303, body: '', headers: { ...PAGE_HEADERS, Location: onward } };
}

/** @param refused the domain that was sent and cannot be verified */
function setupPage(world: World, session: PortalSession, refused?: string): PageReply {
  const { name, domains } = organizationOf(world, session.organization_id);
  const pending = domains.find(({ state }) => state !== 'verified')?.domain;
  const wished = session.intent_options.domain_verification?.domain_name;
  const html = renderSetup({
    title: intentInWords(session.intent),
    organization: name,
    token: session.token,
    asksDomain: session.intent === 'domain_verification',
    domain: refused ?? wished ?? pending ?? '',
    problem:
      refused === undefined ? null : 'This domain cannot be verified. Is it spelled correctly?',
    returnUrl: session.return_url,
  });
  return page(refused === undefined ? 200 : 422, html, [session.return_url, session.success_url]);
}

const PAGE_HEADERS = { 'Cache-Control': 'no-store', 'Referrer-Policy': 'no-referrer' };

/** @param onward where the form may lead: Chromium applies form-action to the redirect as well */
function page(status: number, html: string, onward: (string | null)[] = []): PageReply {
  const origins = onward.filter((url) => url !== null).map((url) => new URL(url).origin);
  const policy = [
    "default-src 'none'",
    "style-src 'self'",
    ["form-action 'self'", ...new Set(origins)].join(' '),
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
  return {
    status,
    body: html,
    headers: {
      ...PAGE_HEADERS,
      'Content-Type': 'text/html; charset=utf-8',
      'Content-Security-Policy': policy,
      'X-Content-Type-Options': 'nosniff',
    },
  };
}
