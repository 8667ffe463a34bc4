import { reasonOf } from '../../audit-trail/audited.ts';
import { issuedToAnother } from '../../auth/guard.ts';
import { invalidSignIn } from '../../auth/signed-in-user.ts';
import { hasItAdminRole, type ActingUser, type Actor } from '../../core/identity.ts';
import { Problem } from '../../core/problem.ts';
import type { Answer } from '../../http/answer.ts';
import type { InputOf } from '../../http/endpoint.ts';
import type { portalContract } from '../protocol/contract.ts';
import { browserOf } from './browser-cookie.ts';
import type { Headers, PortalDeps } from '../protocol/deps.ts';
import { requireMintable } from '../link/launch-permission.ts';
import { letIn } from './let-in.ts';
import type { RedeemedLaunch } from '../stores/redeem-store.ts';
import { sha256 } from '../../core/sha256.ts';

type Redeeming = Pick<
  InputOf<typeof portalContract, 'launchPortal'>,
  'headers' | 'actor' | 'identified' | 'wayBack' | 'lang'
>;

/**
 * Redeems a ticket and creates its link. Permission and URLs are checked again, against what the
 * redeeming statement read on the primary.
 *
 * @returns undefined when the ticket cannot be redeemed in this mode
 * @throws Problem `launch-gone`, those of `requirePermission` and `organizationOf`, `upstream-*`
 */
export async function redeemTicket(
  deps: PortalDeps,
  ticket: string,
  mode: 'redirect' | 'confirm',
  { headers, actor, identified, wayBack, lang }: Redeeming,
): Promise<Answer | undefined> {
  const browserSha256 = mode === 'confirm' ? browserOf(headers.cookie) : null;
  const launch = await deps.tickets.redeem({ sha256: sha256(ticket), mode, browserSha256 });
  if (!launch) return undefined;
  if (launch.client) identified(launch.client);
  const holder = actorOf(launch, actor);
  const organizationId = await checkAgain(deps, launch, headers).catch(async (error: unknown) => {
    await deps.launches.fail(launch, {
      actor: holder,
      outcome: 'refused',
      tenantId: launch.tenantId,
      details: { launch: launch.id, ...reasonOf(error) },
    });
    throw error;
  });
  wayBack({ asked: askedOf(launch) });
  return letIn(deps, { ...launch, lang }, organizationId, holder, { ticket, headers, lang });
}

/** @returns the id of the tenant's organization */
export async function checkAgain(
  deps: PortalDeps,
  launch: RedeemedLaunch,
  headers: Headers,
): Promise<string> {
  const organizationId = requireMintable(launch, deps.itAdminRoles);
  if (launch.needsSignedInUser) requireUserOfTicket(launch, await deps.signedInUser(headers), deps);
  return organizationId;
}

/** Requires that the user for whom the launch was created is signed in. @throws Problem `acting-user-required`, `it-admin-required`, `invalid-user-token` */
function requireUserOfTicket(
  { userId, tenantId, clientId, roleSource }: RedeemedLaunch,
  signedIn: ActingUser | undefined,
  { requireAuthorizedParty, itAdminRoles }: PortalDeps,
): void {
  if (signedIn?.id !== userId || signedIn.tenantId !== tenantId) {
    throw new Problem(
      'acting-user-required',
      'This link is for one person, who has to be signed in.',
    );
  }
  // The role came from the user's token, so it is read again there.
  if (roleSource === 'token' && !hasItAdminRole(signedIn, itAdminRoles))
    throw new Problem('it-admin-required', 'The signed-in user is no longer an IT admin.');
  if (requireAuthorizedParty && signedIn.authorizedParty !== clientId)
    throw invalidSignIn(issuedToAnother());
}

export const actorOf = ({ client, userId, roleSource }: RedeemedLaunch, actor: Actor): Actor => ({
  ...actor,
  client: client ?? undefined,
  user: {
    id: userId,
    tenantId: undefined,
    roles: [],
    source: roleSource === 'asserted' ? 'asserted' : 'token',
  },
});

/** Who asks for the visit, for whom, and until when. */
const askedOf = ({ tenantName, client, userId, expiresAt }: RedeemedLaunch) => ({
  tenantName,
  userId,
  product: client?.name,
  until: expiresAt,
});
