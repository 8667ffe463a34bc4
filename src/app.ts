import express, { type Express } from 'express';
import type { Logger } from 'pino';
import { createDeletionsStore } from './audit-trail/deletions-store.ts';
import { createAuditTrailStore } from './audit-trail/store.ts';
import type { AuditWriter } from './audit-trail/writer.ts';
import { userByToken } from './auth/acting-user.ts';
import { createGuard } from './auth/guard.ts';
import { createAuthenticator } from './auth/passport.ts';
import { fromTokens } from './auth/problems.ts';
import { signedInUser } from './auth/signed-in-user.ts';
import type { VerifyToken } from './auth/token-verifier.ts';
import type { ClientCredentials } from './clients/credentials.ts';
import type { ClientStore } from './clients/store.ts';
import type { Config } from './config/config.ts';
import { codeOf } from './core/problem.ts';
import type { RecordOccurrence } from './core/ports.ts';
import type { Database } from './db/database.ts';
import { fromPostgres } from './db/problems.ts';
import { accessLog, createRequestLog, type Observe } from './http/access-log.ts';
import type { BodyRoom } from './http/body-room.ts';
import type { RateLimits, Refusals } from './http/rate-limits.ts';
import { createWebhookReceiver } from './events/intake/receive-webhook.ts';
import { createFeedStore } from './events/feed/store.ts';
import { recordEvent } from './events/inbox/gatehouse-events.ts';
import { keepUnreadable } from './events/inbox/parked-store.ts';
import { createInbox } from './events/inbox/intake-store.ts';
import { noticeForwardedHeaders } from './http/forwarded-headers.ts';
import { closeWhenStopping } from './http/gate.ts';
import { errorHandler, unknownPath } from './http/errors.ts';
import { homePage } from './http/home.ts';
import { createNestedRunner } from './http/nested-operation.ts';
import { toProblem } from './http/problem-details.ts';
import { createRequestSpans } from './http/request-span.ts';
import { serve } from './http/router.ts';
import { createReplay } from './idempotency/replay.ts';
import { createIdempotencyStore } from './idempotency/store.ts';
import { createItAdminService } from './it-admins/service.ts';
import { createItAdminStore } from './it-admins/store.ts';
import { openApiDocument } from './openapi/document.ts';
import { docsRoutes } from './openapi/routes.ts';
import { OPERATIONS, operationRoutes } from './openapi/operations.ts';
import { createPages } from './pages/pages.ts';
import { assetRoutes } from './pages/routes.ts';
import { createLinks } from './portal/link/links.ts';
import type { PortalDeps } from './portal/protocol/deps.ts';
import { createPortalStores } from './portal/stores/stores.ts';
import { createFeatureStatus } from './setup/feature-status.ts';
import { createSetupReader } from './setup/mirror/reader.ts';
import { createSessionCookies } from './portal/launch-page/setup-session.ts';
import { providerIcon } from './provider-icons/catalogue.ts';
import { createSetupService } from './setup/service.ts';
import type { OrganizationMirror } from './setup/mirror/organizations-store.ts';
import { createSetupStore } from './setup/mirror/store.ts';
import { createPassThrough } from './pass-through/pass-through.ts';
import { createOwnedStore } from './pass-through/forwarding/store.ts';
import { createTokenSealer, createSecretEncryption } from './core/encryption.ts';
import type { OnSignIn } from './sso/count-steps.ts';
import type { Tracer } from './core/span.ts';
import { createSso } from './sso/sso.ts';
import { createSsoStore } from './sso/codes/store.ts';
import type { TenantCache } from './tenants/registry/tenant-cache.ts';
import type { Missing } from './tenants/missing/missing.ts';
import type { Organizations } from './tenants/organizations/organizations.ts';
import type { Provisioning } from './tenants/provisioning/provisioning.ts';
import { createTenantService } from './tenants/service.ts';
import type { TenantStore } from './tenants/registry/store.ts';
import { createAttemptStore } from './webhooks/attempts-store.ts';
import type { DeliveryJobs } from './webhooks/delivery-jobs.ts';
import { createReplayStore } from './webhooks/replay-store.ts';
import { createReplay as createWebhookReplay } from './webhooks/replay.ts';
import { allowedOrigins } from './webhooks/endpoint-url.ts';
import { createWebhookService } from './webhooks/service.ts';
import { createEndpointStore } from './webhooks/store.ts';
import { createUpstreamBudgetService, type UpstreamBudgetDeps } from './upstream-budget/service.ts';
import { fromWorkos } from './workos/problems.ts';
import type { Upstream } from './workos/upstream.ts';

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

/** Turns the errors of libraries into problems; anything else becomes `internal`. */
const TRANSLATORS = [fromWorkos, fromPostgres, fromTokens];

/**
 * The map of the gateway: every slice with its dependencies, and the middleware in the order in which
 * a request passes it. Starts nothing and reads no environment.
 */
export function createApp(deps: AppDeps): Express {
  const {
    config,
    db,
    upstream,
    audit,
    clients,
    credentials,
    tenants,
    organizations,
    provisioning,
  } = deps;
  const { development, publicUrl, itAdminRoles } = config;
  const requireAuthorizedParty = config.userTokenClaims.azp !== undefined;

  // Shared by several slices.
  const registry = createItAdminStore(db);
  const pages = createPages({ brand: config.brand, portalOrigins: portalOrigins(config) });

  // Authentication and permission.
  const authenticator = createAuthenticator({
    clientByKey: credentials.byKey,
    clientByToken: credentials.byToken,
    userByToken: userByToken(deps.verifyUserToken, config.userTokenClaims),
  });
  const guard = createGuard({
    authenticator,
    findClient: clients.byId,
    findTenant: deps.tenantCache.find,
    findCurrentTenant: tenants.mappingOf,
    registry,
    itAdminRoles,
    requireAuthorizedParty,
  });
  const replay = createReplay(createIdempotencyStore(db));
  const ended = createRequestLog(deps.logger, deps.observe);

  // The slices.
  const reportMissing = deps.missing.report;
  const tenantService = createTenantService({
    tenants,
    organizations,
    provisioning,
    audit,
    reportMissing,
    clientById: clients.byId,
    forget: deps.tenantCache.forget,
  });
  const setup = createSetupStore(db);
  const reader = createSetupReader({ upstream, store: setup });
  const setupService = createSetupService({
    store: setup,
    reader,
    reportMissing,
    providerOf: providerIcon,
  });
  const sso = createSso({
    ...config,
    upstream,
    authenticator,
    refusals: deps.refusals,
    findClient: clients.byId,
    findTenant: deps.tenantCache.find,
    findTenantByOrganization: tenants.byOrganization,
    store: createSsoStore(db),
    toProblem: (error) => toProblem(error, TRANSLATORS),
    onOutcome: deps.onSignIn,
    recordOccurrence: deps.recordOccurrence,
  });
  const portal: PortalDeps = {
    ...createPortalStores(db),
    links: createLinks({
      upstream,
      hosts: config.workos.portalLinkHosts,
      development,
      onLink: (intent, error) => {
        deps.onLink(
          intent,
          error === undefined ? 'ok' : codeOf(toProblem(error, TRANSLATORS).slug),
        );
      },
    }),
    audit,
    sealer: createTokenSealer(config.keys),
    sealLink: config.mail && createSecretEncryption(config.keys, 'mail').encrypt,
    pages,
    registry,
    findClient: clients.byId,
    findTenant: tenants.byId,
    reportMissing,
    recordEvent,
    readStatus: createFeatureStatus({ store: setup, reader }),
    sessionCookies: createSessionCookies(publicUrl.startsWith('https:')),
    readSetup: setupService.overview,
    hasActiveConnection: setupService.hasActiveConnection,
    signInTests: sso.signInTests,
    signedInUser: signedInUser(authenticator, config.userTokenCookie),
    knowsSignedInUser: config.userTokenCookie !== undefined,
    requireAuthorizedParty,
    itAdminRoles,
    publicUrl,
    development,
    returnWaitMs: config.returnWaitMs,
  };

  const receiveWebhook = createWebhookReceiver({
    secrets: config.workos.webhookSecrets,
    inbox: createInbox({ db, onStored: deps.onEvents, onUnreadable: deps.onUnreadableEvent }),
    setAside: async (unreadable) => {
      for (const id of await keepUnreadable(db, [unreadable])) deps.onUnreadableEvent(id);
    },
  });

  const passThrough = createPassThrough({
    upstream,
    audit,
    guard,
    reportMissing,
    owned: createOwnedStore(db),
    hasDeleted: createDeletionsStore(db),
    tenants: tenantService,
    facts: tenants.mappingOf,
    lastOrganizationOf: tenants.lastOrganizationOf,
    tenantsOf: tenants.ofOrganizations,
    mappingsOf: tenants.mappingsOf,
    listTenants: tenants.list,
    mirror: deps.organizationMirror,
    magicLinks: sso.magicLinks,
  });

  const feed = createFeedStore(db);
  const webhooks = createWebhookService({
    endpoints: createEndpointStore(db),
    attempts: createAttemptStore(db),
    replay: createWebhookReplay({
      store: createReplayStore(db, deps.deliveryJobs),
      readFeed: feed.read,
    }),
    encryption: createSecretEncryption(config.keys, 'webhook'),
    isAllowed: allowedOrigins(config.webhookOrigins),
    seenTypes: feed.seenTypes,
  });

  const routes = [
    ...operationRoutes({
      tenants: tenantService,
      itAdmins: createItAdminService(registry),
      portal,
      setup: setupService,
      sso,
      receiveWebhook,
      feed,
      webhooks,
      passThrough,
      auditTrail: createAuditTrailStore(db),
      upstreamBudget: createUpstreamBudgetService(deps.upstreamBudget),
      mcp: {
        run: createNestedRunner({
          guard,
          replay,
          limits: deps.limits,
          translators: TRANSLATORS,
          ended,
        }),
        publicUrl,
      },
    }),
    ...docsRoutes(() => openApiDocument(OPERATIONS), pages.icon.path),
    ...assetRoutes(pages),
  ];

  const app = express().disable('x-powered-by').disable('etag').set('query parser', false);
  app.set('trust proxy', config.trustProxy.length > 0 ? config.trustProxy : false);
  if (config.trustProxy.length === 0) app.use(noticeForwardedHeaders(deps.onForwarded));
  const spans = createRequestSpans(deps.tracer);
  app.use(accessLog(ended, spans));
  app.use(closeWhenStopping(deps));
  app.use(serve(routes, { ...deps, guard, replay, spans }));
  app.use(homePage(pages));
  app.use(unknownPath);
  app.use(errorHandler(TRANSLATORS, pages, routes, deps.refusals, publicUrl));
  return app;
}

/** Returns the origins that the confirm page's form may lead to, for its CSP. */
const portalOrigins = ({ workos: { portalLinkHosts }, development }: Config): string[] =>
  portalLinkHosts.flatMap((host) => [
    `https://${host}`,
    ...(development ? [`http://${host}`] : []),
  ]);
