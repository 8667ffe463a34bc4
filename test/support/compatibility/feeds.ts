/** Calls that the gateway answers by itself, so that WorkOS's answers are others. */
import type { Call } from './call.ts';

const hooks = {
  endpointUrl: 'https://app.example.com/hooks',
  events: ['dsync.user.created', 'dsync.user.deleted'],
};

const OWN_FEED =
  'answered by the gateway: a feed of its own with the tenants of the client, so that cursors are others than WorkOS’s';
const OWN_ENDPOINTS =
  'answered by the gateway, which delivers to the endpoint by itself; `secret` is shown when the endpoint is created, and is `""` later';

export const ownCalls: readonly (Call & { readonly own: string })[] = [
  {
    method: 'events.listEvents',
    args: ({ acme }) => [{ events: hooks.events, organizationId: acme, limit: 1 }],
    own: OWN_FEED,
  },
  {
    method: 'webhooks.createWebhookEndpoint',
    args: () => [hooks],
    keep: 'endpoint',
    own: OWN_ENDPOINTS,
  },
  { method: 'webhooks.listWebhookEndpoints', args: () => [{ limit: 1 }], own: OWN_ENDPOINTS },
  {
    method: 'webhooks.updateWebhookEndpoint',
    args: ({ ids }) => [{ id: ids.endpoint, ...hooks, endpointUrl: `${hooks.endpointUrl}/2` }],
    own: OWN_ENDPOINTS,
  },
  {
    method: 'webhooks.deleteWebhookEndpoint',
    args: ({ ids }) => [{ id: ids.endpoint }],
    own: OWN_ENDPOINTS,
  },
];
