/** Delivers events to a webhook endpoint again, for the command line and the console. */
import { createClientStore } from '../clients/store.ts';
import type { Actor, Client } from '../core/identity.ts';
import type { FindClient } from '../core/ports.ts';
import { Problem } from '../core/problem.ts';
import type { Database } from '../db/database.ts';
import { createFeedStore } from '../events/feed/store.ts';
import type { DeliveryJobs } from '../webhooks/delivery-jobs.ts';
import {
  createEventReplay,
  type EventReplay,
  type Replayed,
  type ReplayOf,
} from '../webhooks/replay.ts';
import { createReplayStore } from '../webhooks/replay-store.ts';
import type { EndpointRow } from '../webhooks/endpoint-row-store.ts';
import { createEndpointStore } from '../webhooks/store.ts';
import { ownerOf } from './inspection-store.ts';

export interface Redelivery {
  /** @returns how many deliveries are due now: 0 or 1 @throws Problem `entity-not-found`, `endpoint-disabled` */
  one(endpointId: string, eventId: string, actor: Actor): Promise<number>;
  /**
   * Queues what the endpoint missed, up to a number of parts, each of which looks at the feed for half a second.
   *
   * @throws Problem `entity-not-found`, `endpoint-disabled`, `too-many-requests` while too many deliveries wait
   */
  missed(endpointId: string, actor: Actor, mostParts?: number): Promise<Redelivered>;
}

export interface Redelivered {
  /** Deliveries that are due now. */
  readonly count: number;
  /** False if more may have been missed: repeat it. */
  readonly isComplete: boolean;
}

export interface RedeliveryDeps {
  readonly findClient: FindClient;
  readonly ownerOf: (endpointId: string) => Promise<string | undefined>;
  /** Returns undefined if the endpoint is not this client's. */
  readonly findEndpoint: (client: Client, id: string) => Promise<EndpointRow | undefined>;
  readonly replay: EventReplay;
}

export const openRedelivery = (db: Database, jobs: DeliveryJobs): Redelivery =>
  createRedelivery({
    ownerOf: (id) => ownerOf(db, id),
    findClient: createClientStore(db).byId,
    findEndpoint: createEndpointStore(db).find,
    replay: createEventReplay({
      store: createReplayStore(db, jobs),
      readFeed: createFeedStore(db).read,
    }),
  });

/** Everything is done with the rights of the client whose endpoint it is. */
export function createRedelivery(deps: RedeliveryDeps): Redelivery {
  const { replay } = deps;
  return {
    async one(id, eventId, actor) {
      const target = await targetOf(deps, id);
      const audit = succeeded(actor, { webhook_endpoint: id, event_id: eventId });
      return (await replay(...target, { eventId }, audit)).count;
    },

    async missed(id, actor, mostParts = Infinity) {
      const target = await targetOf(deps, id);
      const audit = succeeded(actor, { webhook_endpoint: id, missed: true });
      let [count, after]: [number, string | undefined] = [0, undefined];
      for (let part = 0; part < mostParts; part += 1) {
        const range: ReplayOf = { isMissed: true, since: undefined, until: undefined, after };
        const done: Replayed | undefined = await replay(...target, range, audit).catch(
          (error: unknown) => stopAfter(count, error),
        );
        if (!done) break;
        count += done.count;
        if (done.after === null) return { count, isComplete: true };
        after = done.after;
      }
      return { count, isComplete: false };
    },
  };
}

/** @throws Problem `entity-not-found`, `endpoint-disabled` */
async function targetOf(
  { ownerOf: ownerIdOf, findClient, findEndpoint }: RedeliveryDeps,
  id: string,
): Promise<[Client, EndpointRow]> {
  const owner = await ownerIdOf(id);
  const client = owner === undefined ? undefined : await findClient(owner);
  const endpoint = client && (await findEndpoint(client, id));
  if (!client || !endpoint)
    throw new Problem('entity-not-found', 'The endpoint or its client no longer exists.');
  if (endpoint.status === 'disabled')
    throw new Problem('endpoint-disabled', 'The endpoint is disabled; its client enables it.');
  return [client, endpoint];
}

/** Once something is queued, too many that wait are a reason to stop. @throws any other error */
function stopAfter(count: number, error: unknown): undefined {
  if (count > 0 && error instanceof Problem && error.slug === 'too-many-requests') return undefined;
  throw error;
}

const succeeded = (actor: Actor, details: Readonly<Record<string, unknown>>) => ({
  ...{ actor, details },
  outcome: 'succeeded' as const,
});
