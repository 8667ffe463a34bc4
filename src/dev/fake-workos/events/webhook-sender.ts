/**
 * Sends webhooks as WorkOS does: at least once, without a guaranteed order, and with retries until a
 * 2xx or the last retry.
 *
 * @see https://workos.com/docs/events/data-syncing/webhooks
 */
import { setTimeout as pause } from 'node:timers/promises';
import type { WorkosEvent } from '../state/events.ts';
import {
  createAttempts,
  type AttemptOptions,
  type PendingDelivery,
  type WebhookDelivery,
  type WebhookEndpoint,
} from './webhook-attempts.ts';
import {
  createDeliveryPlanner,
  type DeliveryChaos,
  type DeliveryPlan,
} from '../faults/delivery-chaos.ts';
import { createDeliveryQueue, type DeliveryQueue } from './delivery-queue.ts';

export interface WebhookSender {
  add(endpoint: WebhookEndpoint): void;
  readonly endpoints: () => readonly WebhookEndpoint[];
  send(event: WorkosEvent): void;
  /** Applies to events sent from now on; `{}` turns all faults off. */
  setChaos(chaos: Partial<DeliveryChaos>): void;
  /** Every attempt, oldest first. */
  readonly deliveries: readonly WebhookDelivery[];
  /** Resolves when no delivery is in progress, delayed or waiting for a retry. */
  settled(): Promise<void>;
  /** Abandons all deliveries in progress. */
  stop(): Promise<void>;
}

/** Six retries like WorkOS's, at the intervals of its staging environments: minutes, not days. */
export const RETRIES_MS: readonly number[] = [1_000, 5_000, 30_000, 120_000, 600_000, 1_800_000];

export function createWebhookSender(options: AttemptOptions): WebhookSender {
  const stopping = new AbortController();
  const { signal } = stopping;
  const attempts = createAttempts(options, signal);
  const queues = new Map<WebhookEndpoint, DeliveryQueue>();
  const pending = createPendingTasks();
  let nextPlan = createDeliveryPlanner();

  /** Retries run outside the queue, so they do not hold up later deliveries. */
  const attemptCopies = async (delivery: PendingDelivery, copies: number): Promise<void> => {
    for (let copy = 0; copy < copies; copy += 1)
      if (!(await attempts.first(delivery))) pending.add(attempts.retry(delivery));
  };
  const deliver = async (
    delivery: PendingDelivery,
    queue: DeliveryQueue,
    plan: DeliveryPlan,
  ): Promise<void> => {
    const attempt = () => attemptCopies(delivery, plan.copies);
    if (plan.isLost) attempts.recordLoss(delivery);
    else if (plan.isOvertaken) await queue.enqueueAfterNext(attempt);
    else if (plan.delayMs === 0) await queue.enqueue(attempt);
    else await pause(plan.delayMs, undefined, { signal }).then(attempt);
  };

  return {
    deliveries: attempts.deliveries,
    settled: pending.settled,
    endpoints: () => [...queues.keys()],
    add: (endpoint) => void queues.set(endpoint, createDeliveryQueue(signal)),
    setChaos(chaos) {
      nextPlan = createDeliveryPlanner(chaos);
    },
    send(event) {
      for (const [endpoint, queue] of queues)
        if (endpoint.events?.includes(event.event) ?? true)
          pending.add(deliver({ event, endpoint }, queue, nextPlan()));
    },
    async stop() {
      stopping.abort();
      await pending.settled();
    },
  };
}

/** Tracks promises that nobody awaits, so that `settled` can. */
function createPendingTasks() {
  const tasks = new Set<Promise<void>>();
  return {
    add(task: Promise<void>): void {
      const tracked = task.catch(() => undefined).finally(() => tasks.delete(tracked));
      tasks.add(tracked);
    },
    async settled(): Promise<void> {
      while (tasks.size > 0) await Promise.all(tasks);
    },
  };
}
