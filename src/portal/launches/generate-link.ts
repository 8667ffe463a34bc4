import { auditRows, recordingFailure, withReason } from '../../audit-trail/audited.ts';
import type { Outcome } from '../../audit-trail/writer.ts';
import { hasItAdminRole, type ActingUser, type Client, type Tenant } from '../../core/identity.ts';
import type { InputOf } from '../../http/endpoint.ts';
import { organizationOf } from '../../tenants/model/status.ts';
import type { portalContract } from '../protocol/contract.ts';
import type { PortalDeps } from '../protocol/deps.ts';
import { changedMeanwhile, requireLinkPermission } from '../link/launch-permission.ts';
import type { DirectLink } from '../stores/link-release-store.ts';
import { allowedUrls } from '../link/return-url.ts';

/**
 * POST /portal/generate_link: creates a link at once. The attempt is in the audit trail before
 * WorkOS is asked, and the success before the caller gets the link.
 *
 * @throws Problem `invalid-request`, those of `requirePermission` and `organizationOf`, `upstream-*`
 */
export async function generateLink(
  deps: PortalDeps,
  { body, tenant, client, user, actor }: InputOf<typeof portalContract, 'generatePortalLink'>,
): Promise<{ link: string }> {
  const organization = organizationOf(tenant);
  const urls = allowedUrls(body, client, deps.development);
  const row = auditRows({ actor, tenantId: tenant.id, details: { intent: body.intent } });
  await deps.audit.record(row('attempted'));
  let outcome: Outcome = 'failed';
  return recordingFailure(
    async () => {
      const link = await deps.links.mint({ ...body, ...urls, organization }, () =>
        deps.reportMissing(tenant.id, organization, actor),
      );
      const direct = directLink(client, tenant, user, deps.itAdminRoles);
      if (await deps.linkReleases.link(direct, organization, row('succeeded')))
        return { link: link.reveal() };
      outcome = 'refused';
      requireLinkPermission(direct, await deps.linkReleases.factsOf(direct), deps.itAdminRoles);
      throw changedMeanwhile();
    },
    (error) => deps.audit.record(withReason(row(outcome), error)),
  );
}

const directLink = (
  client: Client,
  { id: tenantId }: Tenant,
  user: ActingUser,
  itAdminRoles: readonly string[],
): DirectLink => ({
  client,
  tenantId,
  userId: user.id,
  roleSource: hasItAdminRole(user, itAdminRoles) ? user.source : 'registry',
});
