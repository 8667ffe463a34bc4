/** Test controls for events: emit and inspect them, delay the feed, and disturb webhook delivery. */
import type { WorkosEvent } from '../state/events.ts';
import { emit, type EmitOptions } from '../events/events.ts';
import type { WebhookDelivery, WebhookEndpoint } from '../events/webhook-attempts.ts';
import type { DeliveryChaos } from '../faults/delivery-chaos.ts';
import type { WebhookSender } from '../events/webhook-sender.ts';
import type { World } from '../state/world.ts';

export interface EventControls {
  /** @param data the event's `data` */
  emit(event: string, data: object, options?: EmitOptions): WorkosEvent;
  /** New events appear in `GET /events` this many milliseconds after their creation. */
  delayEventFeed(ms: number): void;
  /** Sends every event that happens from now on to this endpoint. */
  addWebhookEndpoint(endpoint: WebhookEndpoint): void;
  /** Simulates network faults for deliveries from now on; `{}` turns them off. */
  setDeliveryChaos(chaos: Partial<DeliveryChaos>): void;
  /** Every attempt, oldest first. */
  readonly webhookDeliveries: readonly WebhookDelivery[];
  /** Resolves when no delivery is in progress, delayed or waiting for a retry. */
  webhooksSettled(): Promise<void>;
}

/** @param saved saves the state and returns its argument */
export function createEventControls(
  world: World,
  webhooks: WebhookSender,
  saved: <T>(result: T) => T,
): EventControls {
  return {
    emit: (event, data, options) => saved(emit(world, event, data, options)),
    delayEventFeed(ms) {
      world.feed.delayMs = ms;
    },
    addWebhookEndpoint: (endpoint) => webhooks.add(endpoint),
    setDeliveryChaos: (chaos) => webhooks.setChaos(chaos),
    webhookDeliveries: webhooks.deliveries,
    webhooksSettled: () => webhooks.settled(),
  };
}
