import type { Logger } from 'pino';
import type { Config } from '../config/config.ts';
import { startRepeatingTask, type Task } from '../core/repeating-task.ts';
import { inTaskSpan } from '../core/tracing.ts';
import { explainDatabase, hostOf } from '../db/explain.ts';
import { NotTheLeader, type Fence } from '../db/fence.ts';
import { toClientEvent } from '../events/feed/client-event.ts';
import { EVENTS_CHANNEL } from '../events/inbox/store.ts';
import { createIngestion } from '../events/ingestion.ts';
import { startMailer } from '../portal/mail/mailer.ts';
import { startDeliveries } from '../webhooks/delivery/deliveries.ts';
import { createMessageStore } from '../webhooks/messages-store.ts';
import { missingKeys, type KeyUse } from '../webhooks/sealing-keys.ts';
import { createEventHandlers } from './event-handlers.ts';
import { joinLeaderElection, type Leadership } from './leader-election.ts';
import { createLogThrottle } from '../core/log-throttle.ts';
import { startMaintenance } from './maintenance.ts';
import { openShell, type Shell } from './shell.ts';
import { openTracer } from './tracing/open-tracer.ts';
import { watchEvents, watchMails, watchTenants } from './watch-work.ts';

/** The background worker: no public port, only the admin port. */
export interface Worker {
  readonly adminPort: number;
  /** Resolves once the database is reachable and migrated. @throws StartupError */
  readonly ready: Promise<void>;
  /** Gives up leadership first, so that another worker takes over while this one finishes. */
  stop(): Promise<void>;
}

/** Only the elected leader reads and applies events. All other background tasks run in every worker. */
export async function startWorker(config: Config, logger: Logger): Promise<Worker> {
  const role = 'worker';
  const shell = openShell(config, logger, {
    role,
    tracer: await openTracer(config, logger, role),
  });
  let keys: readonly KeyUse[] = [];
  let partitions: readonly string[] = [];
  const admin = await shell.listenAdmin({
    checks: {},
    notes: () => [
      ...partitions,
      ...missingKeys(keys).map(
        ({ key, endpoints }) => `${endpoints} webhook endpoints wait for the missing key ${key}`,
      ),
    ],
  });
  const ending = new AbortController();
  const events = startEvents(shell, ending.signal);
  const watching = [watchEvents(shell), watchMails(shell), watchTenants(shell, events.leading)];
  const maintenance = startMaintenance({
    ...shell,
    retentionDays: config.retentionDays,
    isLeading: events.leading,
    signal: ending.signal,
    onNotes: (notes) => (partitions = notes),
  });
  const deliveries = startDeliveriesOf(shell, (uses) => (keys = uses));
  const mails = startMailer({
    ...shell,
    ...config,
    onMail: (outcome) => shell.metrics.mails.inc({ outcome }),
  });
  const { ready, tasks } = shell.start(ending.signal, () => {
    events.wake();
    deliveries.wake();
  });

  let stopped: Promise<void> | undefined;
  const stop = async (): Promise<void> => {
    shell.beginStop();
    ending.abort();
    await events.stop();
    await Promise.all(
      [...tasks, ...watching, maintenance, deliveries, mails].map((task) => task.stop()),
    );
    await shell.close();
    await admin.close();
  };
  return { adminPort: admin.port, ready, stop: () => (stopped ??= stop()) };
}

/** How often to look for unapplied events, in case a notification was missed. */
const APPLY_MS = 5_000;
/** How often while events wait for a tenant that is being provisioned. */
const UNDECIDED_MS = 500;

function startEvents(parts: Shell, signal: AbortSignal): Task & Pick<Leadership, 'leading'> {
  const { config, logger, metrics, tracer, isReady } = parts;
  const { applier, poller } = createIngestion({
    ...parts,
    handlers: createEventHandlers(
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
      tracer?.start({ name: 'leadership', kind: 'internal', facts: { isLeading: leading } }).end();
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
  const apply = startRepeatingTask('apply events', applyEveryMs, parts, () =>
    whileLeading((fence) =>
      inTaskSpan(tracer, 'apply events', (span) =>
        applier.applyWaiting(fence, (eventsApplied) => span?.set({ eventsApplied })),
      ),
    ),
  );
  const poll = startRepeatingTask('read events', poller.pauseMs, parts, () =>
    whileLeading((fence) => inTaskSpan(tracer, 'read events', () => poller.poll(signal, fence))),
  );
  const wake = () => {
    apply.wake();
    poll.wake();
  };
  return {
    wake,
    leading: leadership.leading,
    async stop() {
      await Promise.all([leadership.stop(), apply.stop(), poll.stop()]);
    },
  };
}

const startDeliveriesOf = (
  { config, metrics, ...parts }: Shell,
  onKeys: (uses: readonly KeyUse[]) => void,
) =>
  startDeliveries({
    proxies: config.proxies,
    ...parts,
    keys: config.keys,
    origins: config.webhookOrigins,
    toClientEvent,
    onAttempt: (outcome) => metrics.webhookAttempts.inc({ outcome }),
    onBacklog({ waiting, oldestDue }) {
      metrics.webhooksWaiting.set(waiting);
      metrics.webhooksOldestDue.set(oldestDue);
    },
    onKeys(uses) {
      metrics.sealingKeys.reset();
      for (const { key, state, endpoints } of uses)
        metrics.sealingKeys.set({ key, state }, endpoints);
      onKeys(uses);
    },
  });
