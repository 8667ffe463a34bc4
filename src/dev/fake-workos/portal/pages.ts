/** The pages behind a portal link, for people and browser tests. */
import { isLive } from '../state/expiry.ts';
import {
  ApiError,
  formOf,
  type ApiRequest,
  type Operation,
  type Reply,
} from '../http/operation.ts';
import { organizationOf } from '../organizations/organizations.ts';
import { page, redirect, renderNotice } from '../http/page.ts';
import { applyChange, portalItems } from './changes.ts';
import { finishSetup } from './finish-setup.ts';
import { PORTAL_STYLE } from './style.ts';
import { SITE, intentTitle, renderSetup } from './views.ts';
import type { PortalSession } from '../state/portal.ts';
import type { World } from '../state/world.ts';

export const portalPages: readonly Operation[] = [
  { method: 'GET', path: '/portal/setup', perform: showSetup },
  { method: 'POST', path: '/portal/setup', perform: submitSetup },
  { method: 'POST', path: '/portal/change', perform: submitChange },
  { method: 'GET', path: '/portal/style.css', perform: getStyle },
];

function showSetup({ query }: ApiRequest, world: World): Reply {
  const session = liveSession(world, query.token ?? '');
  if (!session) return page(410, renderNotice(EXPIRED));
  return setupPage(world, session, { isChanging: query.changed !== undefined });
}

function submitSetup(request: ApiRequest, world: World): Reply {
  const { token = '', domain = '' } = formOf(request);
  const session = liveSession(world, token);
  return session ? finish(world, session, domain) : page(410, renderNotice(EXPIRED));
}

function submitChange(request: ApiRequest, world: World): Reply {
  const { token = '', id = '', change: name = '', text = '' } = formOf(request);
  const session = liveSession(world, token);
  if (!session) return page(410, renderNotice(EXPIRED));
  applyChange(world, session.organization_id, { id, name, text });
  if (!world.state.organizations.has(session.organization_id))
    return page(200, renderNotice(DELETED));
  return redirect(303, `${world.url}/portal/setup?token=${token}&changed=true`);
}

function getStyle(): Reply {
  return { status: 200, text: PORTAL_STYLE, headers: { 'Content-Type': 'text/css' } };
}

const EXPIRED = {
  site: SITE,
  title: 'This link has expired',
  text: 'A setup link works for five minutes. Go back to the application and request a new one.',
};
const DELETED = {
  site: SITE,
  title: 'The organization is deleted',
  text: 'You can close this page.',
};
const DONE = { site: SITE, title: 'Setup is finished', text: 'You can close this page.' };

function liveSession({ state, now }: World, token: string): PortalSession | undefined {
  const session = state.portalSessions.get(token);
  return session && isLive(session, now()) ? session : undefined;
}

function finish(world: World, session: PortalSession, domain: string): Reply {
  try {
    finishSetup(world, { session, domain });
  } catch (error) {
    if (error instanceof ApiError) return setupPage(world, session, { rejectedDomain: domain });
    throw error;
  }
  const target = session.success_url ?? session.return_url;
  if (target === null) return page(200, renderNotice(DONE));
  return redirect(303, target);
}

interface SetupPageOptions {
  /** The submitted domain that cannot be verified. */
  readonly rejectedDomain?: string;
  readonly isChanging?: boolean;
}

function setupPage(
  world: World,
  session: PortalSession,
  { rejectedDomain, isChanging = false }: SetupPageOptions,
): Reply {
  const { name, domains } = organizationOf(world, session.organization_id);
  const pending = domains.find(({ state }) => state !== 'verified')?.domain;
  const requested = session.intent_options.domain_verification?.domain_name;
  const html = renderSetup({
    title: intentTitle(session.intent),
    site: SITE,
    organization: name,
    token: session.token,
    asksDomain: session.intent === 'domain_verification',
    domain: rejectedDomain ?? requested ?? pending ?? '',
    problem:
      rejectedDomain === undefined
        ? null
        : 'This domain cannot be verified. Is it spelled correctly?',
    returnUrl: session.return_url,
    items: portalItems(world, session.organization_id),
    isChanging: isChanging || session.intent === 'certificate_renewal',
  });
  const targets = [session.return_url, session.success_url].filter((url) => url !== null);
  return page(
    rejectedDomain === undefined ? 200 : 422,
    html,
    targets.map((url) => new URL(url).origin),
  );
}
