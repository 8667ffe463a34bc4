import { implement } from '../../http/endpoint.ts';
import { eventsContract } from './contract.ts';
import type { WebhookReceiver } from './receive-webhook.ts';

export const eventsRoutes = (receiver: WebhookReceiver) =>
  implement(
    eventsContract,
    {
      async receiveWebhook({ headers, body }) {
        await receiver.receive(headers['workos-signature'], body);
        return { received: true as const };
      },
    },
    {},
    {
      receiveWebhook: (headers) => {
        receiver.requireSignature(headers['workos-signature']);
      },
    },
  );
