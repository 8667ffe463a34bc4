/** The pages behind a portal link, so that a person or a browser test can walk the whole way. */
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
import { change, thingsOf } from './changes.ts';
import { finishSetup } from './finish-setup.ts';
import { PORTAL_STYLE } from './style.ts';
import { SITE, intentInWords, renderSetup } from './views.ts';
import type { PortalSession } from '../state/state.ts';
import type { World } from '../state/world.ts';

export const portalPages: readonly Operation[] = [
  { method: 'GET', path: '/portal/setup', perform: show },
  { method: 'POST', path: '/portal/setup', perform: press },
  { method: 'POST', path: '/portal/change', perform: pressChange },
  { method: 'GET', path: '/portal/style.css', perform: style },
];

function show({ query }: ApiRequest, world: World): Reply {
  const session = liveSession(world, query.token ?? '');
  if (!session) return page(410, renderNotice(EXPIRED));
  return setupPage(world, session, { isChanging: query.changed !== undefined });
}

function press(request: ApiRequest, world: World): Reply {
  const { token = '', domain = '' } = formOf(request);
  const session = liveSession(world, token);
  return session ? finish(world, session, domain) : page(410, renderNotice(EXPIRED));
}

function pressChange(request: ApiRequest, world: World): Reply {
  const { token = '', id = '', change: name = '', text = '' } = formOf(request);
  const session = liveSession(world, token);
  if (!session) return page(410, renderNotice(EXPIRED));
  change(world, session.organization_id, { id, name, text });
  if (!world.state.organizations.has(session.organization_id))
    return page(200, renderNotice(DELETED));
  return redirect(303, `${world.url}/portal/setup?token=${token}&changed`);
}

function style(): Reply {
  return { status: 200, text: PORTAL_STYLE, headers: { 'Content-Type': 'text/css' } };
}

const EXPIRED = {
  site: SITE,
  title: 'This link has expired',
  text: 'A setup link works for five minutes. Go back to where you came from and ask for a new one.',
};
const DELETED = {
  site: SITE,
  title: 'The organization is deleted',
  text: 'This page is the last of it. You can close it.',
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
    if (error instanceof ApiError) return setupPage(world, session, { refused: domain });
    throw error;
  }
  const onward = session.success_url ?? session.return_url;
  if (onward === null) return page(200, renderNotice(DONE));
  return redirect(303, onward);
}

interface Shown {
  /** The domain that was sent and cannot be verified. */
  readonly refused?: string;
  readonly isChanging?: boolean;
}

function setupPage(
  world: World,
  session: PortalSession,
  { refused, isChanging = false }: Shown,
): Reply {
  const { name, domains } = organizationOf(world, session.organization_id);
  const pending = domains.find(({ state }) => state !== 'verified')?.domain;
  const wished = session.intent_options.domain_verification?.domain_name;
  const html = renderSetup({
    title: intentInWords(session.intent),
    site: SITE,
    organization: name,
    token: session.token,
    asksDomain: session.intent === 'domain_verification',
    domain: refused ?? wished ?? pending ?? '',
    problem:
      refused === undefined ? null : 'This domain cannot be verified. Is it spelled correctly?',
    returnUrl: session.return_url,
    things: thingsOf(world, session.organization_id),
    isChanging: isChanging || session.intent === 'certificate_renewal',
  });
  const onward = [session.return_url, session.success_url].filter((url) => url !== null);
  return page(
    refused === undefined ? 200 : 422,
    html,
    onward.map((url) => new URL(url).origin),
  );
}
