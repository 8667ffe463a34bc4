/** The parts of the gateway that its process creates and hands to the app. */
import type { Logger } from 'pino';
import type { AuditWriter } from '../audit-trail/writer.ts';
import type { VerifyToken } from '../auth/token-verifier.ts';
import type { ClientCredentials } from '../clients/credentials.ts';
import type { ClientStore } from '../clients/store.ts';
import type { Config } from '../config/config.ts';
import type { RecordOccurrence } from '../core/ports.ts';
import type { Database } from '../db/database.ts';
import { type Observe } from '../http/access-log.ts';
import type { BodyRoom } from '../http/body-room.ts';
import type { RateLimits, Refusals } from '../http/rate-limits.ts';
import type { OrganizationMirror } from '../setup/mirror/organizations-store.ts';
import type { OnSignIn } from '../sso/count-steps.ts';
import type { Tracer } from '../core/span.ts';
import type { TenantCache } from '../tenants/registry/tenant-cache.ts';
import type { Missing } from '../tenants/missing/missing.ts';
import type { Organizations } from '../tenants/organizations/organizations.ts';
import type { Provisioning } from '../tenants/provisioning/provisioning.ts';
import type { TenantStore } from '../tenants/registry/store.ts';
import type { DeliveryJobs } from '../webhooks/delivery-jobs.ts';
import { type UpstreamBudgetDeps } from '../upstream-budget/service.ts';
import type { Upstream } from '../workos/upstream.ts';
import type { Authenticator } from '../auth/passport.ts';
import type { Guard } from '../http/guard.ts';
import type { ItAdminStore } from '../it-admins/store.ts';
import type { Pages } from '../pages/pages.ts';

export interface AppDeps {
  readonly config: Config;
  readonly db: Database;
  readonly upstream: Upstream;
  readonly upstreamBudget: UpstreamBudgetDeps;
  readonly audit: AuditWriter;
  readonly clients: ClientStore;
  readonly credentials: ClientCredentials;
  readonly tenants: TenantStore;
  readonly tenantCache: TenantCache;
  readonly organizations: Organizations;
  readonly organizationMirror: OrganizationMirror;
  readonly provisioning: Provisioning;
  readonly missing: Missing;
  readonly deliveryJobs: DeliveryJobs;
  readonly limits: RateLimits;
  readonly refusals: Refusals;
  /** Called when forwarded headers arrive although no proxy is trusted. */
  readonly onForwarded: () => void;
  readonly bodies: BodyRoom;
  readonly verifyUserToken: VerifyToken | undefined;
  readonly logger: Logger;
  readonly observe: Observe;
  /** Undefined if nothing is traced. */
  readonly tracer: Tracer | undefined;
  /** Called with the outcome of each step of a login. */
  readonly onSignIn: OnSignIn;
  /** Called with the outcome of each portal link: `ok`, or the problem's code. */
  readonly onLink: (intent: string, outcome: string) => void;
  readonly recordOccurrence: RecordOccurrence;
  /** Called with the number of new events that WorkOS delivered. */
  readonly onEvents: (count: number) => void;
  /** Called when a signed delivery is no valid event. @param id the id under which it was set aside */
  readonly onUnreadableEvent: (id: string) => void;
  /** True once the database is reachable and has the migrations of this release. */
  readonly isReady: () => boolean;
  /** True when the process is about to end, so that answers close their connections. */
  readonly isClosing: () => boolean;
}

/** The parts that several slices use: authentication, the registry of IT admins, and pages. */
export interface Shared {
  readonly registry: ItAdminStore;
  readonly pages: Pages;
  readonly authenticator: Authenticator;
  readonly guard: Guard;
}
