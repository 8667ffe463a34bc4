import { implement } from '../http/endpoint.ts';
import { refuseTwoCursors } from '../http/pagination.ts';
import { webhooksContract } from './contract.ts';
import { requireReader, type WebhookService } from './service.ts';

export const webhooksRoutes = (webhooks: WebhookService) =>
  implement(
    webhooksContract,
    {
      async listWebhookEndpoints({ client, query }) {
        refuseTwoCursors(query);
        return webhooks.list(client, query);
      },
      createWebhookEndpoint: ({ client, body, actor }) => webhooks.create(client, body, actor),
      updateWebhookEndpoint: ({ client, params, body, actor }) =>
        webhooks.update(client, params.id, body, actor),
      deleteWebhookEndpoint: ({ client, params, actor }) =>
        webhooks.remove(client, params.id, actor),
      rotateWebhookSecret: ({ client, params, actor }) => webhooks.rotate(client, params.id, actor),
      replayWebhookEvents: ({ client, params, body, actor }) =>
        webhooks.replay(client, params.id, body, actor),
      async listWebhookDeliveries({ client, params, query }) {
        refuseTwoCursors(query);
        return webhooks.deliveries(client, params.id, query);
      },
    },
    {
      replayWebhookEvents: ({ client }) => {
        requireReader(client);
      },
    },
  );
