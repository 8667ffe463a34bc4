import { createAuditWriter } from '../../src/audit-trail/writer.ts';
import { createChanges } from '../../src/tenants/changes/changes.ts';
import { createOrganizations } from '../../src/tenants/organizations/organizations.ts';
import { settleChanges } from '../../src/tenants/changes/settle-changes.ts';
import { organizationMissing } from '../../src/tenants/model/status.ts';
import { createTenantStore } from '../../src/tenants/registry/store.ts';
import { createUpstream } from '../../src/workos/upstream.ts';
import type { TestApp } from './test-app.ts';

/** Backdates what was sent to WorkOS for this tenant, so that it is old enough to be settled. */
export const ageSends = ({ database }: TestApp, tenantId: string) =>
  database.superuser(
    `update tenants set profile_unsure_since = profile_unsure_since - interval '16 seconds' where id = $1`,
    [tenantId],
  );

/** Settles uncertain changes as each process does in the background. @returns what could not be settled */
export async function settleNow({ database, config }: TestApp): Promise<string[]> {
  const unsettled: string[] = [];
  const upstream = createUpstream(config.workos);
  const tenants = createTenantStore(database.db);
  const { settle } = createChanges({
    tenants,
    organizations: createOrganizations(upstream, config.workos.externalIdPrefix),
    audit: createAuditWriter(database.db),
    reportMissing: () => Promise.resolve(organizationMissing()),
  });
  const onUnsettled = (tenantId: string) => unsettled.push(tenantId);
  try {
    await settleChanges({ tenants, settle, onUnsettled });
  } finally {
    await upstream.close();
  }
  return unsettled;
}
