import type { Logger } from 'pino';
import { createAuditWriter } from '../audit-trail/writer.ts';
import type { Config } from '../config/config.ts';
import { createConsole } from '../console/console.ts';
import { describeCause } from '../core/describe-cause.ts';
import type { Tracer } from '../core/span.ts';
import { inTaskSpan } from '../core/tracing.ts';
import { startRepeatingTask, type Task } from '../core/repeating-task.ts';
import { openDatabase } from '../db/database.ts';
import { hostOf } from '../db/explain.ts';
import { openJobs } from '../db/jobs.ts';
import { listen } from '../http/server.ts';
import { DELIVERY_QUEUE, type DeliveryJob } from '../webhooks/delivery-jobs.ts';
import { adminHandler } from './admin-server.ts';
import { startBackgroundTasks } from './background-tasks.ts';
import { collectGarbageSoon } from './collect-garbage.ts';
import { createMetrics } from './metrics/metrics.ts';
import { openTenants } from './open-tenants.ts';
import { openUpstream } from './open-upstream.ts';
import { createReadiness, databaseCheck, type ReadinessOptions } from './readiness.ts';
import { waitForDatabase } from './startup-check.ts';
import { watchDatabase } from './watch-database.ts';

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
  let databaseNotes: readonly string[] = [];
  const isReady = (): boolean => state.ready;
  const { upstream, budget } = openUpstream(config, { db, metrics, logger, isReady });
  const audit = createAuditWriter(db);
  const { keyCheck, ...tenants } = openTenants(config, { db, upstream, metrics, logger });
  const jobs = openJobs<DeliveryJob>({
    db,
    queue: DELIVERY_QUEUE,
    onError: (error) => {
      logger.warn({ cause: describeCause(error) }, 'the job library reported an error');
    },
  });
  const { onTaskRun } = metrics;
  const parts = { ...tenants, upstream, db, audit, logger, tracer, onTaskRun };
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
        notes: () => [...databaseNotes, ...keyCheck.notes(), ...notes()],
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
        collectGarbageSoon();
      });
      // `serviceCommand` reports the failure. Without this, a caller that stops first would get an unhandled rejection.
      ready.catch(() => undefined);
      return {
        ready,
        tasks: [
          watchKey,
          watchDatabase({
            ...parts,
            metrics,
            isReady,
            host: hostOf(config.database.url),
            onNotes: (notes) => (databaseNotes = notes),
          }),
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
