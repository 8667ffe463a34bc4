import type { Logger } from 'pino';
import type { Config } from '../config/config.ts';
import type { Database } from '../db/database.ts';
import { recordEvent } from '../events/inbox/gatehouse-events.ts';
import { createOrganizationMirror } from '../setup/mirror/organizations-store.ts';
import { createMissingStore } from '../tenants/missing/missing-store.ts';
import { createMissing } from '../tenants/missing/missing.ts';
import { createOrganizations } from '../tenants/organizations/organizations.ts';
import { createProvisioning } from '../tenants/provisioning/provisioning.ts';
import { createTenantStore } from '../tenants/registry/store.ts';
import type { Upstream } from '../workos/upstream.ts';
import { createDoubtLogger } from './doubt-logger.ts';
import { createKeyCheck } from './key-check.ts';
import type { Metrics } from './metrics/metrics.ts';

interface Deps {
  readonly db: Database;
  readonly upstream: Upstream;
  readonly metrics: Metrics;
  readonly logger: Logger;
}

/** Opens the map from tenants to organizations, and what notices that the two sides differ. */
export function openTenants(
  { workos, confirmMissingMs }: Config,
  { db, upstream, metrics, logger }: Deps,
) {
  const tenants = createTenantStore(db);
  const organizationMirror = createOrganizationMirror(db);
  const organizations = createOrganizations(
    upstream,
    workos.externalIdPrefix,
    organizationMirror.remember,
  );
  const provisioning = createProvisioning({ tenants, organizations });
  const missingStore = createMissingStore(db);
  const missing = createMissing({
    store: missingStore,
    organizations,
    recordEvent,
    confirmAfterMs: confirmMissingMs,
    onDoubt: createDoubtLogger(logger, (reason) => metrics.doubts.inc({ reason })),
  });
  const keyCheck = createKeyCheck({
    mapped: () => missingStore.others(null, 3),
    find: organizations.find,
    logger,
    onView: (sees) => metrics.keySees.set(sees ? 1 : 0),
  });
  return { tenants, organizations, organizationMirror, provisioning, missing, keyCheck };
}
