/**
 * Webhooks as WorkOS sends them: at least once and in no order that could be relied upon, and tried
 * again for a while where the answer is not a 2xx.
 *
 * @see https://workos.com/docs/events/data-syncing/webhooks
 */
import { setTimeout as pause } from 'node:timers/promises';
import type { WorkosEvent } from '../state/events.ts';
import {
  createAttempts,
  type AttemptOptions,
  type Errand,
  type WebhookDelivery,
  type WebhookEndpoint,
} from './webhook-attempts.ts';
import { createFates, type Disturbance, type Fate } from '../faults/delivery-chaos.ts';
import { createLane, type Lane } from './delivery-queue.ts';

export interface WebhookSender {
  add(endpoint: WebhookEndpoint): void;
  send(event: WorkosEvent): void;
  /** From now on. Nothing named: nothing disturbs. */
  disturb(disturbance: Partial<Disturbance>): void;
  /** Every attempt, oldest first. */
  readonly deliveries: readonly WebhookDelivery[];
  /** Resolves once nothing is under way, neither waiting nor to be tried again. */
  settled(): Promise<void>;
  /** Gives up what is under way. */
  stop(): Promise<void>;
}

/** WorkOS's six new tries, with the pauses of minutes that its staging environments have, not days. */
export const RETRIES_MS: readonly number[] = [1_000, 5_000, 30_000, 120_000, 600_000, 1_800_000];

export function createWebhookSender(options: AttemptOptions): WebhookSender {
  const stopping = new AbortController();
  const { signal } = stopping;
  const attempts = createAttempts(options, signal);
  const lanes = new Map<WebhookEndpoint, Lane>();
  const underWay = createUnderWay();
  let nextFate = createFates();

  /** Others do not wait for what has to be tried again. */
  const make = async (errand: Errand, copies: number): Promise<void> => {
    for (let copy = 0; copy < copies; copy += 1)
      if (!(await attempts.first(errand))) underWay.add(attempts.again(errand));
  };
  const deliver = async (errand: Errand, lane: Lane, fate: Fate): Promise<void> => {
    const act = () => make(errand, fate.copies);
    if (fate.isLost) attempts.lose(errand);
    else if (fate.isOvertaken) await lane.overtaken(act);
    else if (fate.delayMs === 0) await lane.inTurn(act);
    else await pause(fate.delayMs, undefined, { signal }).then(act);
  };

  return {
    deliveries: attempts.deliveries,
    settled: underWay.settled,
    add: (endpoint) => void lanes.set(endpoint, createLane(signal)),
    disturb(disturbance) {
      nextFate = createFates(disturbance);
    },
    send(event) {
      for (const [endpoint, lane] of lanes)
        if (endpoint.events?.includes(event.event) ?? true)
          underWay.add(deliver({ event, endpoint }, lane, nextFate()));
    },
    async stop() {
      stopping.abort();
      await underWay.settled();
    },
  };
}

/** Work that nobody waits for, until somebody wants to know that all is done. */
function createUnderWay() {
  const works = new Set<Promise<void>>();
  return {
    add(work: Promise<void>): void {
      const tracked = work.catch(() => undefined).finally(() => works.delete(tracked));
      works.add(tracked);
    },
    async settled(): Promise<void> {
      while (works.size > 0) await Promise.all(works);
    },
  };
}
