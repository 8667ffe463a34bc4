import { implement } from '../../http/endpoint.ts';
import { eventsContract } from './contract.ts';
import type { WebhookDoor } from './receive-webhook.ts';

export const eventsRoutes = (door: WebhookDoor) =>
  implement(eventsContract, {
    async receiveWebhook({ headers, body }) {
      await door.receive(headers['workos-signature'], body);
      return { received: true as const };
    },
  });
