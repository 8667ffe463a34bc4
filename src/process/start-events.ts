import { startRepeatingTask, type Task } from '../core/repeating-task.ts';
import { inTaskSpan } from '../core/tracing.ts';
import { createLogThrottle } from '../core/log-throttle.ts';
import { explainDatabase, hostOf } from '../db/explain.ts';
import { NotTheLeader, type Fence } from '../db/fence.ts';
import { EVENTS_CHANNEL } from '../events/inbox/store.ts';
import { createIngestion } from '../events/ingestion.ts';
import { createMessageStore } from '../webhooks/messages-store.ts';
import { createEventHandlers } from './event-handlers.ts';
import { joinLeaderElection, type Leadership } from './leader-election.ts';
import type { Shell } from './shell.ts';

/** How often to look for unapplied events, in case a notification was missed. */
const APPLY_MS = 5_000;
/** How often while events wait for a tenant that is being provisioned. */
const UNDECIDED_MS = 500;

/** Takes part in the leader election; reads and applies events while this process is the leader. */
export function startEvents(parts: Shell, signal: AbortSignal): Task & Pick<Leadership, 'leading'> {
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
