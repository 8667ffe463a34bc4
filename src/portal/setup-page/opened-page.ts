import type { Actor } from '../../core/identity.ts';
import type { Language } from '../../core/languages.ts';
import type { InputOf } from '../../http/endpoint.ts';
import type { WayBack } from '../../http/way-back.ts';
import { actorOf, checkAgain } from '../launch-page/redeem-ticket.ts';
import { setupPageClosed } from '../link/launch-permission.ts';
import { sha256 } from '../../core/sha256.ts';
import type { portalContract } from '../protocol/contract.ts';
import type { PortalDeps } from '../protocol/deps.ts';
import type { LaunchWithFacts } from '../stores/launch-store.ts';
import { cookieId, formTokenOf, SESSION_SECONDS, setupPath } from '../launch-page/setup-session.ts';

/** A setup page that this browser has open, and whose IT admin may use it now. */
export interface OpenedPage {
  readonly launch: LaunchWithFacts;
  readonly organizationId: string;
  readonly holder: Actor;
  readonly formToken: string;
}

type PageInput = Pick<
  InputOf<typeof portalContract, 'showSetupPage'>,
  'params' | 'headers' | 'actor' | 'identified' | 'concerns'
>;

/**
 * Finds the setup page by the session of this browser, and checks the permission of its IT admin again.
 *
 * @throws Problem `setup-page-closed`, those of `requirePermission` and `organizationOf`
 */
export async function openedPage(
  deps: PortalDeps,
  { params, headers, actor, identified, concerns }: PageInput,
): Promise<OpenedPage> {
  const { launch_id: id } = params;
  const session = deps.sessionCookies.valueOf(cookieId(id), headers.cookie);
  const launch = session && (await deps.setupPages.ofSession(id, sha256(session)));
  if (!session || !launch) throw setupPageClosed();
  if (launch.client) identified(launch.client);
  concerns({ id: launch.tenantId });
  const organizationId = await checkAgain(deps, launch, headers);
  return {
    launch,
    organizationId,
    holder: actorOf(launch, actor),
    formToken: formTokenOf(session),
  };
}

/** Who asks for the visit of the page, for whom, and until when. */
export const askedOf = ({ tenantName, userId, client, redirectedAt }: LaunchWithFacts) => ({
  tenantName,
  userId,
  product: client?.name,
  until: new Date((redirectedAt?.getTime() ?? 0) + SESSION_SECONDS * 1_000),
});

/** What the page about a problem tells of the setup page, and the way back to it. */
export const wayToPage = (launch: LaunchWithFacts, lang: Language | undefined): WayBack => ({
  path: setupPath(launch.id, lang),
  asked: askedOf(launch),
});
