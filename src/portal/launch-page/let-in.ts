import { setTimeout as sleep } from 'node:timers/promises';
import { auditRows, recordingFailure, withReason } from '../../audit-trail/audited.ts';
import type { Actor } from '../../core/identity.ts';
import { Secret } from '../../core/secret.ts';
import type { Language } from '../../core/languages.ts';
import type { Answer } from '../../http/answer.ts';
import { browserOf } from './browser-cookie.ts';
import { mintFor, type Mintable } from './mint-link.ts';
import { releaseLaunch } from './release-launch.ts';
import type { Token } from '../link/tokens.ts';
import { sha256 } from '../../core/sha256.ts';
import type { Headers, PortalDeps } from '../protocol/deps.ts';
import { cookieId, newSession, sessionsOf, setupPath } from './setup-session.ts';

/** The browser that a launch lets in. */
export interface Entering {
  /** Undefined for a signed-in user. */
  readonly ticket: string | undefined;
  readonly headers: Headers;
  readonly lang: Language | undefined;
}

/** Lets the browser in whose attempt has redeemed the launch: to the Admin Portal, or to the setup page. */
export const letIn = (
  deps: PortalDeps,
  launch: Mintable,
  organizationId: string,
  actor: Actor,
  entering: Entering,
): Promise<Answer> =>
  launch.intent === 'any'
    ? openSetupPage(deps, launch, organizationId, actor, entering)
    : mintFor(deps, launch, organizationId, actor);

/** Gives the browser the session of the setup page. WorkOS is not asked. */
function openSetupPage(
  deps: PortalDeps,
  launch: Mintable,
  organizationId: string,
  actor: Actor,
  entering: Entering,
): Promise<Answer> {
  const { id, tenantId, intent } = launch;
  const row = auditRows({ actor, tenantId, details: { launch: id, intent } });
  const session = newSession(deps.sessionDigests, entering.ticket);
  return recordingFailure(
    async () => {
      const tokens = { sessionSha256: session.sha256 };
      const audit = row('succeeded');
      const refusal = await releaseLaunch(deps, { launch, organizationId, tokens, audit });
      if (refusal === undefined) return redirectToPage(deps, id, session, entering);
      throw refusal;
    },
    (error) => deps.launches.fail(launch, withReason(row('refused'), error)),
  );
}

/** How long a second click waits until the first one has opened the page. */
const SECOND_CLICK_MS = 250;

/**
 * Leads the browser that opened a setup page to it again, when it comes back with the ticket.
 *
 * @returns undefined for every other browser, and for a ticket of another kind
 */
export async function reopenSetupPage(
  deps: PortalDeps,
  ticket: string,
  entering: Pick<Entering, 'headers' | 'lang'>,
): Promise<Answer | undefined> {
  const { headers } = entering;
  const sessions = sessionsOf(deps.sessionDigests, ticket);
  const digests = sessions.map((session) => session.sha256);
  const browser = browserOf(headers.cookie);
  const page = await deps.setupPages.ofTicket(sha256(ticket), digests, browser);
  const session = page && sessions.find((one) => one.sha256.equals(page.sessionSha256));
  if (!session) return undefined;
  const known = deps.sessionCookies.valueOf(cookieId(page.id), headers.cookie);
  return page.isSameBrowser || known === session.secret.reveal()
    ? redirectToPage(deps, page.id, session, { ...entering, ticket })
    : undefined;
}

/** As `reopenSetupPage`, for the second of two clicks, whose first may still be under way. */
export async function reopenSoon(
  deps: PortalDeps,
  ticket: string,
  entering: Pick<Entering, 'headers' | 'lang'>,
): Promise<Answer | undefined> {
  await sleep(SECOND_CLICK_MS);
  return reopenSetupPage(deps, ticket, entering);
}

/** The ticket leaves the address: the page's own address is no secret. */
const redirectToPage = (
  { publicUrl, sessionCookies }: Pick<PortalDeps, 'publicUrl' | 'sessionCookies'>,
  launchId: string,
  { secret }: Token,
  { headers: { cookie }, lang }: Entering,
): Answer => ({
  redirect: new Secret(publicUrl + setupPath(launchId, lang)),
  setCookie: sessionCookies.begin(cookieId(launchId), secret.reveal(), cookie),
});
