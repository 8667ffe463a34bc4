import type { Logger } from 'pino';
import type { Database } from '../db/database.ts';
import { describeCause } from '../core/describe-cause.ts';
import type { Upstream } from '../workos/upstream.ts';
import { createApplier, type Applier } from './apply/applier.ts';
import type { EventHandler } from './inbox/event.ts';
import { createPoller, type Poller } from './intake/poller.ts';
import { createUpstreamFeed } from './intake/upstream-feed.ts';

export interface IngestionDeps {
  readonly db: Database;
  readonly upstream: Upstream;
  readonly handlers: readonly EventHandler[];
  readonly logger: Logger;
  readonly onStored: (count: number) => void;
  readonly onFailure: () => void;
  readonly onUnreadable: (count: number) => void;
  readonly onGap: () => void;
}

/** The event work of the leader: reading WorkOS's feed and applying events. Every failure is logged and counted. */
export function createIngestion(deps: IngestionDeps): { applier: Applier; poller: Poller } {
  const { db, upstream, handlers, logger, onStored, onFailure, onUnreadable, onGap } = deps;
  const applier = createApplier({
    db,
    handlers,
    onFailure({ event: { id, event }, error, failures }) {
      onFailure();
      const facts = { event_id: id, event, failures, cause: describeCause(error) };
      // A few failures may be transient; a persistent one needs a person.
      if (failures < 3) logger.warn(facts, 'event failed, will be retried');
      else logger.error(facts, 'event keeps failing; later events of its organization wait');
    },
    onParked({ event: { id, event }, failures }) {
      logger.error(
        { event_id: id, event, failures },
        'event is parked; see gatehouse events parked',
      );
    },
  });
  const poller = createPoller({
    db,
    feed: createUpstreamFeed(upstream, {
      onRefusedTypes(types) {
        logger.warn(
          { types },
          'WorkOS refuses its newer event types, so its feed is read without them until the next start',
        );
      },
    }),
    now: () => upstream.now(),
    onStored,
    onGap(gap) {
      onGap();
      logger.error(gap, 'events of this period were missed; run gatehouse events verify');
    },
    onLongRound(round) {
      logger.warn(
        round,
        'the end of WorkOS’s feed was not reached; the next round continues from there',
      );
    },
    onUnreadable(ids) {
      onUnreadable(ids.length);
      logger.error({ ids }, 'the feed contains invalid events; see gatehouse events parked');
    },
  });
  return { applier, poller };
}
