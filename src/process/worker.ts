import type { Logger } from 'pino';
import { createAuditWriter } from '../audit-trail/writer.ts';
import type { Config } from '../config/config.ts';
import { openDatabase, type Database } from '../db/database.ts';
import { explainDatabase, hostOf } from '../db/explain.ts';
import { openJobs } from '../db/jobs.ts';
import { createEventHandlers } from './event-handlers.ts';
import { createIngestion } from '../events/ingestion.ts';
import { toClientEvent } from '../events/feed/client-event.ts';
import { recordEvent } from '../events/inbox/gatehouse-events.ts';
import { backlogOf, EVENTS_CHANNEL } from '../events/inbox/store.ts';
import { describeCause } from '../core/describe-cause.ts';
import { listen } from '../http/server.ts';
import { adminHandler } from './admin-server.ts';
import { createDoubtLogger } from './doubt-logger.ts';
import { joinLeaderElection } from './leader-election.ts';
import { NotTheLeader, type Fence } from '../db/fence.ts';
import { createKeyCheck } from './key-check.ts';
import { createMetrics, type Metrics } from './metrics.ts';
import { createReadiness, databaseCheck } from './readiness.ts';
import { createLogThrottle } from './log-throttle.ts';
import { startRepeatingTask, type Task } from '../core/repeating-task.ts';
import { waitForDatabase } from './startup-check.ts';
import { countAttempts } from './upstream-metrics.ts';
import { createMissing } from '../tenants/missing.ts';
import { createMissingStore } from '../tenants/missing-store.ts';
import { createOrganizations } from '../tenants/organizations.ts';
import { createProvisioning } from '../tenants/provisioning.ts';
import { createTenantStore } from '../tenants/store.ts';
import { startBackgroundTasks } from './background-tasks.ts';
import { startDeliveries } from '../webhooks/delivery/deliveries.ts';
import { createMessageStore } from '../webhooks/messages-store.ts';
import { missingKeys, type KeyUse } from '../webhooks/sealing-keys.ts';
import type { DeliveryJob, DeliveryJobs } from '../webhooks/store.ts';
import { createUpstream, type Upstream } from '../workos/upstream.ts';

/** The background worker: no public port, only the admin port. */
export interface Worker {
  readonly adminPort: number;
  /** Resolves once the database is reachable and migrated. @throws StartupError */
  readonly ready: Promise<void>;
  /** Gives up leadership first, so that another worker takes over while this one finishes. */
  stop(): Promise<void>;
}

interface Parts {
  readonly config: Config;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly db: Database;
  readonly upstream: Upstream;
  readonly jobs: DeliveryJobs;
  readonly isReady: () => boolean;
}

/** Only the elected leader reads and applies events. All other background tasks run in every worker. */
export async function startWorker(config: Config, logger: Logger): Promise<Worker> {
  const metrics = createMetrics();
  const db = openDatabase({ url: config.database.url, max: config.database.max });
  const upstream = createUpstream({ ...config.workos, onAttempt: countAttempts(metrics) });
  const jobs = openJobs<DeliveryJob>({
    db,
    queue: 'deliveries',
    supervise: true,
    onError: (error) => {
      logger.warn({ cause: describeCause(error) }, 'the job library reported an error');
    },
  });
  const state = { ready: false, stopping: false };
  let keys: readonly KeyUse[] = [];
  const keyView = createKeyCheck({
    mapped: () => createMissingStore(db).others(null, 3),
    find: createOrganizations(upstream, config.workos.externalIdPrefix).find,
    logger,
    onView: (sees) => metrics.keySees.set(sees ? 1 : 0),
  });
  const watchKey = startRepeatingTask('watch the WorkOS key', 60_000, logger, async () => {
    if (state.ready) await keyView.look();
  });
  const readiness = createReadiness({
    checks: {
      process: () => (state.stopping ? 'stopping' : undefined),
      start: () => (state.ready ? undefined : 'waiting for the database'),
      database: databaseCheck(db),
    },
    notes: () => [
      ...keyView.notes(),
      ...missingKeys(keys).map(
        ({ key, endpoints }) => `${endpoints} webhook endpoints wait for the missing key ${key}`,
      ),
    ],
  });
  const handler = adminHandler(readiness, metrics, logger);
  const admin = await listen(handler, config.adminPort, config.host, config.publicUrl);
  const ending = new AbortController();
  const parts = { config, logger, metrics, db, upstream, jobs, isReady: () => state.ready };
  const events = startEvents(parts, ending.signal);
  const deliveries = startDeliveriesOf(parts, (uses) => (keys = uses));
  const tasks = [watchKey, ...startUpkeepOf(parts), watchEvents(parts), deliveries];
  const ready = waitForDatabase({
    db,
    host: hostOf(config.database.url),
    externalIdPrefix: config.workos.externalIdPrefix,
    logger,
    signal: ending.signal,
  }).then(() => {
    state.ready = true;
    watchKey.wake();
    events.wake();
    deliveries.wake();
  });
  // `serviceCommand` reports the failure. Without this, a caller that stops first would get an unhandled rejection.
  ready.catch(() => undefined);

  let stopped: Promise<void> | undefined;
  const stop = async (): Promise<void> => {
    state.stopping = true;
    ending.abort();
    await events.stop();
    await Promise.all(tasks.map((task) => task.stop()));
    await jobs.stop();
    await Promise.all([upstream.close(), db.close(), admin.close()]);
  };
  return { adminPort: admin.port, ready, stop: () => (stopped ??= stop()) };
}

/** How often to look for unapplied events, in case a notification was missed. */
const APPLY_MS = 5_000;
/** How often while events wait for a tenant that is being provisioned. */
const UNDECIDED_MS = 500;

function startEvents(parts: Parts, signal: AbortSignal): Task {
  const { config, logger, metrics, isReady } = parts;
  const { applier, poller } = createIngestion({
    ...parts,
    effects: createEventHandlers(
      createMessageStore(parts.db, parts.jobs).fanOut,
      ({ id, ...odd }) => {
        metrics.eventsOdd.inc({ event: odd.event });
        logger.error(
          { event_id: id, ...odd },
          'the data of an event could not be read; its object in the mirror is unchanged',
        );
      },
    ),
    onStored: (count) => metrics.events.inc({ source: 'feed' }, count),
    onFailure: () => metrics.eventFailures.inc(),
    onUnreadable: (count) => metrics.eventsUnreadable.inc({ source: 'feed' }, count),
    onGap: () => metrics.eventGaps.inc(),
  });
  const host = hostOf(config.database.directUrl);
  const failing = createLogThrottle((cause) => {
    logger.warn({ database: host, cause }, 'leadership could not be taken or renewed');
  });
  const leadership = joinLeaderElection({
    url: config.database.directUrl,
    channel: EVENTS_CHANNEL,
    onNotification: () => apply.wake(),
    onFailure: (error) => {
      failing.say(explainDatabase(error));
    },
    onChange(leading) {
      if (leading) failing.reset();
      metrics.leader.set(leading ? 1 : 0);
      logger.info({ leading }, 'leadership');
      wake();
    },
  });
  const whileLeading = async (work: (fence: Fence) => Promise<unknown>): Promise<void> => {
    const fence = isReady() ? leadership.fence() : undefined;
    if (!fence) return;
    await work(fence).catch((error: unknown) => {
      if (!(error instanceof NotTheLeader)) throw error;
      logger.info('another process leads now; the work begun here was rolled back');
    });
  };
  const applyEveryMs = () => (applier.waitsForTenants() ? UNDECIDED_MS : APPLY_MS);
  const apply = startRepeatingTask('apply events', applyEveryMs, logger, () =>
    whileLeading((fence) => applier.applyWaiting(fence)),
  );
  const poll = startRepeatingTask('read events', poller.pauseMs, logger, () =>
    whileLeading((fence) => poller.poll(signal, fence)),
  );
  const wake = () => {
    apply.wake();
    poll.wake();
  };
  return {
    wake,
    async stop() {
      await Promise.all([leadership.stop(), apply.stop(), poll.stop()]);
    },
  };
}

function startUpkeepOf({ config, ...parts }: Parts): Task[] {
  const tenants = createTenantStore(parts.db);
  const audit = createAuditWriter(parts.db);
  const organizations = createOrganizations(parts.upstream, config.workos.externalIdPrefix);
  const provisioning = createProvisioning({ tenants, organizations });
  const missing = createMissing({
    store: createMissingStore(parts.db),
    organizations,
    recordEvent,
    confirmAfterMs: config.confirmMissingMs,
    onDoubt: createDoubtLogger(parts.logger, (reason) => parts.metrics.doubts.inc({ reason })),
  });
  return startBackgroundTasks({ ...parts, audit, tenants, organizations, provisioning, missing });
}

const startDeliveriesOf = (
  { config, metrics, ...parts }: Parts,
  onKeys: (uses: readonly KeyUse[]) => void,
) =>
  startDeliveries({
    ...parts,
    keys: config.keys,
    origins: config.webhookOrigins,
    toClientEvent,
    onAttempt: (outcome) => metrics.webhookAttempts.inc({ outcome }),
    onWaiting: (count) => metrics.webhooksWaiting.set(count),
    onKeys(uses) {
      metrics.sealingKeys.reset();
      for (const { key, state, endpoints } of uses)
        metrics.sealingKeys.set({ key, state }, endpoints);
      onKeys(uses);
    },
  });

const WATCH_MS = 10_000;

const watchEvents = ({ db, metrics, logger, isReady }: Parts): Task =>
  startRepeatingTask('watch events', WATCH_MS, logger, async () => {
    if (!isReady()) return;
    const { waiting, parked, lag } = await backlogOf(db);
    metrics.eventsParked.set(parked);
    metrics.eventsWaiting.set(waiting);
    metrics.eventLag.set(lag);
  });
