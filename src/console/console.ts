import type { Logger } from 'pino';
import { createAuditTrailStore } from '../audit-trail/store.ts';
import type { AuditWriter } from '../audit-trail/writer.ts';
import { findClients } from '../clients/registered.ts';
import type { Database } from '../db/database.ts';
import { listParked } from '../events/inbox/parked-store.ts';
import { backlogOf } from '../events/inbox/store.ts';
import { dropParked, retryParked } from '../maintenance/parked-events.ts';
import { openRedelivery } from '../maintenance/redelivery.ts';
import { createSetupStore } from '../setup/mirror/store.ts';
import { createTimeline } from '../timeline/timeline.ts';
import { diagnose } from '../timeline/verdict/verdict.ts';
import { budgetSeenBy, type UpstreamBudgetDeps } from '../upstream-budget/service.ts';
import type { DeliveryJobs } from '../webhooks/delivery-jobs.ts';
import { parkedActs } from './acts/parked.ts';
import { replayActs } from './acts/replays.ts';
import * as deliveries from './deliveries-store.ts';
import { findEvent, listEvents } from './events-store.ts';
import { EVERY_TENANT } from './every-tenant.ts';
import { createFrame } from './frame.ts';
import { createConsoleHandler, type ConsoleHandler } from './handler.ts';
import { readTroubles } from './overview-store.ts';
import { auditPage } from './pages/audit.ts';
import { auditFile } from './pages/audit-file.ts';
import { budgetPage } from './pages/budget.ts';
import { clientPage, clientsPage } from './pages/clients.ts';
import { deliveriesPage } from './pages/deliveries.ts';
import { endpointPage } from './pages/endpoint.ts';
import { eventPage } from './pages/event.ts';
import { eventsPage } from './pages/events.ts';
import { overviewPage } from './pages/overview.ts';
import { dropPage } from './pages/parked.ts';
import { tenantPage } from './pages/tenant.ts';
import { tenantsPage } from './pages/tenants.ts';
import { createRouter } from './router.ts';
import { createSessions } from './sessions.ts';
import { createSessionStore } from './session-store.ts';
import { createSignIn } from './sign-in.ts';
import { listTenants, readTenant, searchTenants } from './tenants-store.ts';

export interface ConsoleDeps {
  readonly db: Database;
  readonly audit: AuditWriter;
  readonly jobs: DeliveryJobs;
  readonly upstreamBudget: UpstreamBudgetDeps;
  readonly logger: Logger;
  readonly brandColor: string;
  readonly consoleUrl: string | undefined;
  readonly defaultSignInClient: string | undefined;
  readonly isReady: () => boolean;
}

const NAV = [
  { to: '', text: 'Overview' },
  { to: '/tenants', text: 'Tenants' },
  { to: '/clients', text: 'Clients' },
  { to: '/deliveries', text: 'Deliveries' },
  { to: '/events', text: 'Events' },
  { to: '/budget', text: 'Budget' },
  { to: '/audit', text: 'Audit trail' },
] as const;

/** Parked events on one page. */
const MOST_PARKED = 100;

/** The map of the console: what its pages read, and what its buttons do. */
export function createConsole(deps: ConsoleDeps): ConsoleHandler {
  const { db, audit, logger, brandColor, consoleUrl, isReady } = deps;
  const frame = createFrame({ brandColor, nav: NAV });
  const sessionStore = createSessionStore(db);
  const router = createRouter({
    ...{ frame, audit, nav: NAV, isOpen: sessionStore.isOpen },
    ...{ ...readingFrom(deps), acts: acts(deps) },
  });
  const sessions = createSessions(sessionStore);
  const signIn = createSignIn({ sessions, frame, consoleUrl });
  return createConsoleHandler({ frame, signIn, router, logger, consoleUrl, isReady });
}

function readingFrom({ db, upstreamBudget, defaultSignInClient }: ConsoleDeps) {
  const budget = () => budgetSeenBy(EVERY_TENANT, upstreamBudget);
  const backlog = () => backlogOf(db);
  const endpoints = (id?: string) => deliveries.readEndpoints(db, id);
  const clients = { find: (id?: string) => findClients(db, id) };
  const tenants = {
    list: (status: string | undefined, after: string | undefined) => listTenants(db, status, after),
    search: (text: string, status: string | undefined) => searchTenants(db, text, status),
  };
  const tenant = {
    find: (id: string) => readTenant(db, id),
    mirror: createSetupStore(db).read,
    verdict: (id: string, since: Date) => diagnose(db, id, { since, defaultSignInClient }),
    timeline: createTimeline(db).read,
  };
  const sent = {
    endpoints,
    failed: (id?: string) => deliveries.readFailed(db, id),
    attempts: (id: string) => deliveries.readAttempts(db, id),
  };
  const events = {
    ...{ backlog, endpoints },
    parked: (id?: string) => listParked(db, id === undefined ? undefined : [id], MOST_PARKED),
    list: (filter: Parameters<typeof listEvents>[1]) => listEvents(db, filter),
    find: (id: string) => findEvent(db, id),
    deliveries: (id: string) => deliveries.readDeliveriesOf(db, id),
  };
  const trail = createAuditTrailStore(db);
  const auditTrail = {
    list: (filter: Parameters<typeof trail.list>[1]) => trail.list(EVERY_TENANT, filter),
  };
  return {
    pages: [
      overviewPage({ troubles: () => readTroubles(db), backlog, endpoints, budget }),
      ...[tenantsPage(tenants), tenantPage(tenant)],
      ...[clientsPage(clients), clientPage(clients)],
      ...[deliveriesPage(sent), endpointPage(sent)],
      ...[eventsPage(events), eventPage(events), dropPage(events)],
      budgetPage(budget),
      auditPage(auditTrail),
    ],
    files: [auditFile(auditTrail)],
  };
}

function acts({ db, jobs }: ConsoleDeps) {
  return [
    ...replayActs(openRedelivery(db, jobs)),
    ...parkedActs({
      find: (id) => listParked(db, [id], 1),
      retry: (parked, actor) => retryParked(db, parked, actor),
      drop: (parked, actor) => dropParked(db, parked, actor),
    }),
  ];
}
