import type { Logger } from 'pino';
import { createAuditWriter } from '../audit-trail/writer.ts';
import type { Config } from '../config/config.ts';
import { createConsole } from '../console/console.ts';
import { describeCause } from '../core/describe-cause.ts';
import type { Tracer } from '../core/span.ts';
import { inTaskSpan } from '../core/tracing.ts';
import { startRepeatingTask, type Task } from '../core/repeating-task.ts';
import { openDatabase } from '../db/database.ts';
import { explainDatabase, hostOf } from '../db/explain.ts';
import { openJobs } from '../db/jobs.ts';
import { recordEvent } from '../events/inbox/gatehouse-events.ts';
import { listen } from '../http/server.ts';
import { createMissingStore } from '../tenants/missing/missing-store.ts';
import { createMissing } from '../tenants/missing/missing.ts';
import { createOrganizations } from '../tenants/organizations/organizations.ts';
import { createProvisioning } from '../tenants/provisioning/provisioning.ts';
import { createTenantStore } from '../tenants/registry/store.ts';
import { DELIVERY_QUEUE, type DeliveryJob } from '../webhooks/delivery-jobs.ts';
import { createUpstream } from '../workos/upstream.ts';
import { adminHandler } from './admin-server.ts';
import { startBackgroundTasks } from './background-tasks.ts';
import { createDoubtLogger } from './doubt-logger.ts';
import { createKeyCheck } from './key-check.ts';
import { createKeyRefusalLog } from './key-refusals.ts';
import { createLogThrottle } from '../core/log-throttle.ts';
import { createMetrics, type Metrics } from './metrics/metrics.ts';
import { createReadiness, databaseCheck, type ReadinessOptions } from './readiness.ts';
import { waitForDatabase } from './startup-check.ts';
import { watchDatabase } from './watch-database.ts';
import { createOrganizationMirror } from '../setup/mirror/organizations-store.ts';
import { joinUpstreamBudget, type BudgetDeps, type JoinedBudget } from './upstream-budget.ts';
import { countAttempts, countBudget } from './metrics/count-upstream.ts';

export type Shell = ReturnType<typeof openShell>;

/**
 * Opens what the gateway and the worker have in common: the database, WorkOS, the tenants, the
 * delivery jobs, readiness and the background tasks that every process runs.
 *
 * The worker runs the job library's own maintenance. In the gateway clients share the database.
 */
export function openShell(
  config: Config,
  logger: Logger,
  { role, tracer }: { readonly role: 'gateway' | 'worker'; readonly tracer: Tracer | undefined },
) {
  const metrics = createMetrics();
  const { url, max, prepares, waitMs } = config.database;
  const db = openDatabase({
    ...{ url, max, prepares, shares: role === 'gateway', connectMs: waitMs },
    watch: metrics.watchPlaces('database'),
    onStatement: metrics.observeStatement,
  });
  const state = { ready: false, stopping: false };
  const isReady = (): boolean => state.ready;
  const budget = joinBudget(config, logger, {
    db,
    metrics,
    isReady,
    onHold: (operation, ms) => {
      upstream.hold(operation, ms);
    },
  });
  const count = countAttempts(metrics);
  const noticeKeyRefusal = createKeyRefusalLog(logger);
  const upstream = createUpstream({
    ...config.workos,
    watch: metrics.watchPlaces('workos'),
    budget: budget.requests,
    onAttempt(group, failure, seconds) {
      count(group, failure, seconds);
      noticeKeyRefusal(failure);
    },
    onBreaker: metrics.watchBreaker,
  });
  metrics.watchBudget(budget.view.view);
  const audit = createAuditWriter(db);
  const tenants = createTenantStore(db);
  const organizationMirror = createOrganizationMirror(db);
  const organizations = createOrganizations(
    upstream,
    config.workos.externalIdPrefix,
    organizationMirror.remember,
  );
  const provisioning = createProvisioning({ tenants, organizations });
  const missingStore = createMissingStore(db);
  const missing = createMissing({
    store: missingStore,
    organizations,
    recordEvent,
    confirmAfterMs: config.confirmMissingMs,
    onDoubt: createDoubtLogger(logger, (reason) => metrics.doubts.inc({ reason })),
  });
  const keyCheck = createKeyCheck({
    mapped: () => missingStore.others(null, 3),
    find: organizations.find,
    logger,
    onView: (sees) => metrics.keySees.set(sees ? 1 : 0),
  });
  const jobs = openJobs<DeliveryJob>({
    db,
    queue: DELIVERY_QUEUE,
    onError: (error) => {
      logger.warn({ cause: describeCause(error) }, 'the job library reported an error');
    },
  });
  const workos = { upstream, organizations, organizationMirror, missing };
  const { onTaskRun } = metrics;
  const parts = { ...workos, db, audit, tenants, provisioning, logger, tracer, onTaskRun };
  const shared = { ...parts, upstreamBudget: budget.view, config, metrics, jobs, isReady };

  return {
    ...shared,

    /** Opens the admin port. Checks and notes are added to those of every process. */
    listenAdmin({ checks, notes = () => [] }: ReadinessOptions) {
      const readiness = createReadiness({
        checks: {
          process: () => (state.stopping ? 'stopping' : undefined),
          start: () => (state.ready ? undefined : 'waiting for the database'),
          database: databaseCheck(db),
          ...checks,
        },
        notes: () => [...keyCheck.notes(), ...notes()],
      });
      const pages = createConsole({
        ...shared,
        brandColor: config.brand.color,
        consoleUrl: config.consoleUrl,
        defaultSignInClient: config.defaultSignInClient,
      });
      const handler = adminHandler(readiness, metrics, pages, logger);
      return listen(handler, config.adminPort, config.host, config.publicUrl);
    },

    /**
     * Starts the tasks of every process, and waits for the database.
     *
     * @param onReady called once the database is reachable and migrated
     * @returns `ready` rejects with a StartupError
     */
    start(signal: AbortSignal, onReady: () => void): { ready: Promise<void>; tasks: Task[] } {
      const watchKey = startRepeatingTask(
        'watch the WorkOS key',
        config.keyCheckMs,
        parts,
        async () => {
          if (state.ready) await inTaskSpan(tracer, 'watch the WorkOS key', keyCheck.look);
        },
      );
      const ready = waitForDatabase({
        db,
        host: hostOf(config.database.url),
        externalIdPrefix: config.workos.externalIdPrefix,
        logger,
        signal,
      }).then(() => {
        state.ready = true;
        watchKey.wake();
        onReady();
      });
      // `serviceCommand` reports the failure. Without this, a caller that stops first would get an unhandled rejection.
      ready.catch(() => undefined);
      return {
        ready,
        tasks: [
          watchKey,
          watchDatabase({ ...parts, metrics, isReady, host: hostOf(config.database.url) }),
          ...startBackgroundTasks({
            ...parts,
            isReady,
            tenantRoundMs: config.tenantRoundMs,
            onAnnounced: (days) => metrics.certificates.inc({ days }),
          }),
        ],
      };
    },

    /** Makes `/readyz` fail, so that no new requests are routed here. */
    beginStop(): void {
      state.stopping = true;
    },

    /** Closes everything but the admin port, in the order in which it is needed. */
    async close(): Promise<void> {
      await audit.flush();
      await jobs.stop();
      await budget.stop();
      await Promise.all([upstream.close(), db.close()]);
      await tracer?.close();
    },
  };
}

interface JoinBudgetDeps extends Pick<BudgetDeps, 'db' | 'isReady' | 'onHold'> {
  readonly metrics: Metrics;
}

function joinBudget(
  { workos: { requestsPerMinute, waitMs } }: Config,
  logger: Logger,
  { metrics, ...deps }: JoinBudgetDeps,
): JoinedBudget {
  metrics.budgetLimit.set(requestsPerMinute);
  const failing = createLogThrottle((cause) => {
    logger.warn(
      { cause },
      'the budget of requests to WorkOS could not be shared with the other processes; this one uses its last share',
    );
  });
  const counters = countBudget(metrics);
  return joinUpstreamBudget({
    ...deps,
    ...counters,
    waitMs,
    perMinute: requestsPerMinute,
    onRound(level) {
      failing.reset();
      counters.onRound(level);
    },
    onFailure(error) {
      metrics.budgetFailures.inc();
      failing.say(explainDatabase(error));
    },
  });
}
