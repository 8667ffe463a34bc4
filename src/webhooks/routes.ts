import { implement } from '../http/endpoint.ts';
import { webhooksContract } from './contract.ts';
import { requireReader, type WebhookService } from './service.ts';

export const webhooksRoutes = (webhooks: WebhookService) =>
  implement(
    webhooksContract,
    {
      listWebhookEndpoints: (input) => webhooks.list(input),
      createWebhookEndpoint: (input) => webhooks.create(input),
      updateWebhookEndpoint: (input) => webhooks.update(input),
      deleteWebhookEndpoint: (input) => webhooks.remove(input),
      rotateWebhookSecret: (input) => webhooks.rotate(input),
      replayWebhookEvents: (input) => webhooks.replay(input),
      listWebhookDeliveries: (input) => webhooks.deliveries(input),
    },
    {
      replayWebhookEvents: ({ client }) => {
        requireReader(client);
      },
    },
  );
