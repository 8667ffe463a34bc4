import { createDeletionsStore } from '../audit-trail/deletions-store.ts';
import { createAuditTrailStore } from '../audit-trail/store.ts';
import { fromTokens } from '../auth/problems.ts';
import { signedInUser } from '../auth/signed-in-user.ts';
import type { Config } from '../config/config.ts';
import { codeOf } from '../core/problem.ts';
import { fromPostgres } from '../db/problems.ts';
import { createWebhookReceiver } from '../events/intake/receive-webhook.ts';
import { createFeedStore } from '../events/feed/store.ts';
import { recordEvent } from '../events/inbox/gatehouse-events.ts';
import { keepUnreadable } from '../events/inbox/parked-store.ts';
import { createInbox } from '../events/inbox/intake-store.ts';
import { toProblem } from '../http/problem-details.ts';
import { createItAdminService } from '../it-admins/service.ts';
import { createLinks } from '../portal/link/links.ts';
import type { PortalDeps } from '../portal/protocol/deps.ts';
import { createPortalStores } from '../portal/stores/stores.ts';
import { createOrganizationOfConnection } from '../setup/mirror/connections-store.ts';
import { createFeatureStatus } from '../setup/feature-status.ts';
import { createSetupReader } from '../setup/mirror/reader.ts';
import { createSessionCookies, SESSION_KEYS } from '../portal/launch-page/setup-session.ts';
import { providerIcon } from '../provider-icons/catalogue.ts';
import { createSetupService } from '../setup/service.ts';
import { createSetupStore } from '../setup/mirror/store.ts';
import { createPassThrough } from '../pass-through/pass-through.ts';
import { createOwnedStore } from '../pass-through/forwarding/store.ts';
import { createTokenSealer, createSecretEncryption } from '../core/encryption.ts';
import { createKeyedDigests } from '../core/keyed-digest.ts';
import { createSso } from '../sso/sso.ts';
import { createSsoStore } from '../sso/codes/store.ts';
import { createTenantService } from '../tenants/service.ts';
import { createAttemptStore } from '../webhooks/attempts-store.ts';
import { createReplayStore } from '../webhooks/replay-store.ts';
import { createEventReplay } from '../webhooks/replay.ts';
import { allowedOrigins } from '../webhooks/endpoint-url.ts';
import { createWebhookService } from '../webhooks/service.ts';
import { createEndpointStore } from '../webhooks/store.ts';
import { createUpstreamBudgetService } from '../upstream-budget/service.ts';
import { fromWorkos } from '../workos/problems.ts';
import type { Services } from '../openapi/operations.ts';
import type { AppDeps, Shared } from './app-deps.ts';

/** Turns the errors of libraries into problems; anything else becomes `internal`. */
export const ERROR_TRANSLATORS = [fromWorkos, fromPostgres, fromTokens];

const asProblem = (error: unknown) => toProblem(error, ERROR_TRANSLATORS);

/** Every slice, with what it is given. */
export function createSlices(deps: AppDeps, shared: Shared): Omit<Services, 'mcp'> {
  const { config, db, upstream, clients, tenants } = deps;
  const tenantService = createTenantService({
    tenants,
    organizations: deps.organizations,
    provisioning: deps.provisioning,
    audit: deps.audit,
    reportMissing: deps.missing.report,
    clientById: clients.byId,
    forget: deps.tenantCache.forget,
  });
  const sso = createSso({
    ...config,
    upstream,
    authenticator: shared.authenticator,
    refusals: deps.refusals,
    findClient: clients.byId,
    findTenant: deps.tenantCache.find,
    findTenantByOrganization: tenants.byOrganization,
    organizationOfConnection: createOrganizationOfConnection(db),
    store: createSsoStore(db),
    toProblem: asProblem,
    onOutcome: deps.onSignIn,
    recordOccurrence: deps.recordOccurrence,
  });
  const setup = createSetup(deps);
  const feed = createFeedStore(db);
  return {
    tenants: tenantService,
    itAdmins: createItAdminService(shared.registry),
    portal: createPortal(deps, shared, { ...setup, sso }),
    setup: setup.service,
    sso,
    receiveWebhook: createReceiver(deps),
    feed,
    webhooks: createWebhooks(deps, feed),
    passThrough: createForwarding(deps, shared, { tenants: tenantService, sso }),
    auditTrail: createAuditTrailStore(db),
    upstreamBudget: createUpstreamBudgetService(deps.upstreamBudget),
  };
}

function createSetup({ db, upstream, missing }: AppDeps) {
  const store = createSetupStore(db);
  const reader = createSetupReader({ upstream, store });
  return {
    service: createSetupService({
      store,
      reader,
      reportMissing: missing.report,
      providerOf: providerIcon,
    }),
    readStatus: createFeatureStatus({ store, reader }),
  };
}

type Setup = ReturnType<typeof createSetup>;
type Sso = ReturnType<typeof createSso>;

function createPortal(
  deps: AppDeps,
  { authenticator, pages, registry }: Shared,
  { service, readStatus, sso }: Setup & { readonly sso: Sso },
): PortalDeps {
  const { config, db } = deps;
  return {
    ...createPortalStores(db),
    links: createPortalLinks(deps),
    audit: deps.audit,
    sealer: createTokenSealer(config.keys),
    sealLink: config.mail && createSecretEncryption(config.keys, 'mail').encrypt,
    pages,
    registry,
    findClient: deps.clients.byId,
    findTenant: deps.tenants.byId,
    reportMissing: deps.missing.report,
    recordEvent,
    readStatus,
    sessionCookies: createSessionCookies(config.publicUrl.startsWith('https:')),
    sessionDigests: createKeyedDigests(config.keys, SESSION_KEYS),
    readSetup: service.overview,
    hasActiveConnection: service.hasActiveConnection,
    signInTests: sso.signInTests,
    signedInUser: signedInUser(authenticator, config.userTokenCookie),
    knowsSignedInUser: config.userTokenCookie !== undefined,
    requireAuthorizedParty: requiresAuthorizedParty(config),
    itAdminRoles: config.itAdminRoles,
    publicUrl: config.publicUrl,
    development: config.development,
    returnWaitMs: config.returnWaitMs,
  };
}

const createPortalLinks = ({ config, upstream, onLink }: AppDeps) =>
  createLinks({
    upstream,
    hosts: config.workos.portalLinkHosts,
    development: config.development,
    onLink: (intent, error) => {
      onLink(intent, error === undefined ? 'ok' : codeOf(asProblem(error).slug));
    },
  });

/** True if a user token must name the client that may use it. */
export const requiresAuthorizedParty = ({ userTokenClaims }: Config): boolean =>
  userTokenClaims.azp !== undefined;

const createReceiver = ({ config, db, onEvents, onUnreadableEvent }: AppDeps) =>
  createWebhookReceiver({
    secrets: config.workos.webhookSecrets,
    inbox: createInbox({ db, onStored: onEvents, onUnreadable: onUnreadableEvent }),
    setAside: async (unreadable) => {
      for (const id of await keepUnreadable(db, [unreadable])) onUnreadableEvent(id);
    },
  });

const createForwarding = (
  { db, upstream, audit, missing, tenants, organizationMirror }: AppDeps,
  { guard }: Shared,
  slices: { readonly tenants: ReturnType<typeof createTenantService>; readonly sso: Sso },
) =>
  createPassThrough({
    upstream,
    audit,
    guard,
    reportMissing: missing.report,
    owned: createOwnedStore(db),
    hasDeleted: createDeletionsStore(db),
    tenants: slices.tenants,
    facts: tenants.mappingOf,
    lastOrganizationOf: tenants.lastOrganizationOf,
    tenantsOf: tenants.ofOrganizations,
    mappingsOf: tenants.mappingsOf,
    listTenants: tenants.list,
    mirror: organizationMirror,
    magicLinks: slices.sso.magicLinks,
  });

const createWebhooks = ({ config, db, deliveryJobs }: AppDeps, feed: Services['feed']) =>
  createWebhookService({
    endpoints: createEndpointStore(db),
    attempts: createAttemptStore(db),
    replay: createEventReplay({
      store: createReplayStore(db, deliveryJobs),
      readFeed: feed.read,
    }),
    encryption: createSecretEncryption(config.keys, 'webhook'),
    isAllowed: allowedOrigins(config.webhookOrigins),
    seenTypes: feed.seenTypes,
  });
