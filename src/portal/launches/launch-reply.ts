import type { ReplyOf } from '../../http/endpoint.ts';
import type { portalContract } from '../protocol/contract.ts';
import type { LaunchRow } from '../stores/launch-store.ts';

export type LaunchReply = ReplyOf<typeof portalContract, 'getPortalLaunch'>;

export const launchReply = (launch: LaunchRow): LaunchReply => ({
  object: 'portal_launch',
  id: launch.id,
  tenant_id: launch.tenantId,
  user_id: launch.userId,
  intent: launch.intent,
  mode: launch.mode,
  setup_launch_id: launch.setupLaunchId,
  status: statusOf(launch),
  mail: launch.mail?.state ?? null,
  mail_reason: launch.mail?.reason ?? null,
  expires_at: launch.expiresAt.toISOString(),
  created_at: launch.createdAt.toISOString(),
  opened_at: launch.openedAt?.toISOString() ?? null,
  redirected_at: launch.redirectedAt?.toISOString() ?? null,
  returned_at: launch.returnedAt?.toISOString() ?? null,
  configured_at: launch.configuredAt?.toISOString() ?? null,
});

function statusOf(launch: LaunchRow): LaunchReply['status'] {
  // A revocation also closes the setup page, which a portal link cannot be.
  if (launch.intent === 'any' && launch.revokedAt) return 'revoked';
  if (launch.configuredAt) return 'configured';
  if (launch.returnedAt) return 'returned';
  if (launch.redirectedAt) return 'redirected';
  if (launch.revokedAt) return 'revoked';
  if (launch.expired) return 'expired';
  if (launch.failedAt) return 'failed';
  return launch.openedAt ? 'opened' : 'created';
}
