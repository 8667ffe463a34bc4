/** What a test does with events: make some, look at them, keep them back, and disturb their delivery. */
import type { WorkosEvent } from '../state/events.ts';
import { emit, type EmitOptions } from '../events/events.ts';
import type { WebhookDelivery, WebhookEndpoint } from '../events/webhook-attempts.ts';
import type { Disturbance } from '../faults/delivery-chaos.ts';
import type { WebhookSender } from '../events/webhook-sender.ts';
import type { World } from '../state/world.ts';

export interface EventControls {
  /** @param data what it happened to, as its event shows it */
  emit(event: string, data: object, options?: EmitOptions): WorkosEvent;
  /** From now on the feed shows an event only so long after its creation. */
  holdBackEvents(ms: number): void;
  /** From now on every event is sent there as it happens. */
  addWebhookEndpoint(endpoint: WebhookEndpoint): void;
  /** From now on, with the same chances for the same seed. Nothing named: nothing disturbs. */
  disturbWebhooks(disturbance: Partial<Disturbance>): void;
  /** Every attempt, oldest first. */
  readonly webhookDeliveries: readonly WebhookDelivery[];
  /** Resolves once nothing is under way, neither waiting nor to be tried again. */
  webhooksSettled(): Promise<void>;
}

/** @param saved keeps what has changed, and hands on what it is given */
export function createEventControls(
  world: World,
  webhooks: WebhookSender,
  saved: <T>(result: T) => T,
): EventControls {
  return {
    emit: (event, data, options) => saved(emit(world, event, data, options)),
    holdBackEvents(ms) {
      world.feed.holdBackMs = ms;
    },
    addWebhookEndpoint: (endpoint) => webhooks.add(endpoint),
    disturbWebhooks: (disturbance) => webhooks.disturb(disturbance),
    webhookDeliveries: webhooks.deliveries,
    webhooksSettled: () => webhooks.settled(),
  };
}
