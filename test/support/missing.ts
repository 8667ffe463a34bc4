import { createMissing, type Doubt } from '../../src/tenants/missing/missing.ts';
import { createMissingStore } from '../../src/tenants/missing/missing-store.ts';
import { createOrganizations } from '../../src/tenants/organizations/organizations.ts';
import { recordEvent } from '../../src/events/inbox/gatehouse-events.ts';
import { createUpstream } from '../../src/workos/upstream.ts';
import type { TestApp } from './test-app.ts';

/** Lets the first denial of these tenants' organizations be longer ago than a second one needs. */
export const agePastDenial = ({ database }: TestApp, ...tenantIds: string[]) =>
  database.superuser(
    `update tenants set missing_since = missing_since - interval '31 seconds' where id = any($1)`,
    [tenantIds],
  );

/** Looks again as each process does in the background. @returns the doubts it had */
export async function recheck({ database, config }: TestApp): Promise<Doubt[]> {
  const doubts: Doubt[] = [];
  const upstream = createUpstream(config.workos);
  const missing = createMissing({
    store: createMissingStore(database.db),
    organizations: createOrganizations(upstream, config.workos.externalIdPrefix),
    recordEvent,
    confirmAfterMs: config.confirmMissingMs,
    onDoubt: (doubt) => doubts.push(doubt),
  });
  try {
    await missing.recheck();
  } finally {
    await upstream.close();
  }
  return doubts;
}
