import { Problem } from '../../core/problem.ts';
import type { Language } from '../../core/languages.ts';
import type { Answer } from '../../http/answer.ts';
import type { InputOf } from '../../http/endpoint.ts';
import { requireNavigation, requireOwnForm } from '../../http/navigation.ts';
import { browserOf, markBrowser } from './browser-cookie.ts';
import { ASKED, formTokenField, lacksConsent, mayMintAtOnce } from './consent.ts';
import type { portalContract } from '../protocol/contract.ts';
import type { PortalDeps } from '../protocol/deps.ts';
import { launchDirectly } from './direct-launch.ts';
import { launchGone } from '../link/launch-permission.ts';
import { redeemTicket } from './redeem-ticket.ts';
import { reopenSetupPage, reopenSoon } from './let-in.ts';
import { sha256 } from '../../core/sha256.ts';
import type { TicketState } from '../stores/ticket-store.ts';

type Opening = Pick<
  InputOf<typeof portalContract, 'launchPortal'>,
  'headers' | 'concerns' | 'language' | 'lang'
>;

/**
 * GET /launch-portal: opens the Admin Portal with a ticket, or for a signed-in IT admin. The link is
 * created only in this request, after role, client and tenant were checked again, and is sent in
 * the redirect alone.
 */
export async function openLaunchPage(
  deps: PortalDeps,
  input: InputOf<typeof portalContract, 'launchPortal'>,
): Promise<Answer> {
  const { query, headers } = input;
  requireNavigation(headers);
  const { ticket } = query;
  if (ticket === undefined) return launchDirectly(deps, query, input, mayMintAtOnce(headers));
  return (await redeemTicket(deps, ticket, 'redirect', input)) ?? showConfirm(deps, ticket, input);
}

/** GET /setup: as GET /launch-portal, for the page with every feature. */
export const openSetupPage = (
  deps: PortalDeps,
  input: InputOf<typeof portalContract, 'openSetupPage'>,
): Promise<Answer> => openLaunchPage(deps, { ...input, query: { ...input.query, intent: 'any' } });

/** POST /launch-portal: the button of the confirm page. */
export async function confirmLaunch(
  deps: PortalDeps,
  input: InputOf<typeof portalContract, 'confirmLaunch'>,
): Promise<Answer> {
  const { body, headers } = input;
  requireNavigation(headers);
  requireOwnForm(headers, deps.publicUrl);
  const { ticket } = body;
  input.wayBack({ again: againBy(body, input.lang) });
  const isUnsure = await lacksConsent(deps, body, headers);
  if (ticket === undefined) return launchDirectly(deps, body, input, !isUnsure);
  if (isUnsure && (await deps.tickets.needsSignedInUser(sha256(ticket))))
    return showConfirm(deps, ticket, input);
  return (await redeemTicket(deps, ticket, 'confirm', input)) ?? afterClick(deps, ticket, input);
}

/** The ticket stays good when WorkOS fails, so the form may be sent again. */
const againBy = (
  body: InputOf<typeof portalContract, 'confirmLaunch'>['body'],
  lang: Language | undefined,
) => ({
  after: 'confirm' as const,
  action: lang ? `/launch-portal?lang=${lang}` : '/launch-portal',
  fields: Object.fromEntries(
    [...ASKED, 'form_token' as const].flatMap((name) =>
      body[name] === undefined ? [] : [[name, body[name]]],
    ),
  ),
});

/** Shows the button of a `confirm` ticket. Nothing is redeemed, so mail scanners may open the page. */
async function showConfirm(deps: PortalDeps, ticket: string, input: Opening): Promise<Answer> {
  const { headers, language, lang } = input;
  const state = await deps.tickets.stateOf(sha256(ticket));
  const launch = state?.isToConfirm ? await deps.tickets.open(sha256(ticket)) : undefined;
  if (!launch) return reopened(deps, ticket, state, input);
  // A user who is not signed in gets the page too, without the token.
  const token = launch.needsSignedInUser ? await formTokenField(deps, headers, { ticket }) : {};
  const page = deps.pages.in(language).confirm({
    product: launch.client?.name,
    tenantName: launch.tenantName,
    userId: launch.userId,
    until: launch.expiresAt,
    intent: launch.intent,
    fields: { ticket, ...token },
    lang,
  });
  return markBrowser(page, headers.cookie);
}

/** Answers a click that redeemed nothing. A second click in the same browser is not told that the link is dead. */
async function afterClick(deps: PortalDeps, ticket: string, input: Opening): Promise<Answer> {
  const state = await deps.tickets.stateOf(sha256(ticket));
  const browser = browserOf(input.headers.cookie);
  if (browser && state?.openingBrowser?.equals(browser))
    return (await reopenSoon(deps, ticket, input)) ?? deps.pages.in(input.language).opening();
  if (state?.isToOpen) throw getOnly();
  return reopened(deps, ticket, state, input);
}

/** Leads back to a setup page that this browser opened before. @throws Problem `launch-gone` */
async function reopened(
  deps: PortalDeps,
  ticket: string,
  state: TicketState | undefined,
  input: Opening,
): Promise<Answer> {
  const page = state?.hasPage ? await reopenSetupPage(deps, ticket, input) : undefined;
  if (page) return page;
  // Tells the tenant's timeline that somebody opened a dead link.
  if (state) input.concerns({ id: state.tenantId });
  throw launchGone();
}

const getOnly = () =>
  new Problem('method-not-allowed', 'This link opens by GET only.', { allow: ['GET'] });
