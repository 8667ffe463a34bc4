import { z } from 'zod';
import type { Contract } from '../http/endpoint.ts';
import { listOf, NumberCursor, PageParameters } from '../http/pagination.ts';
import {
  CreateWebhookEndpoint,
  Delivery,
  EndpointParams,
  EventId,
  Replay,
  ReplayEvents,
  RotatedEndpoint,
  UpdateWebhookEndpoint,
  WebhookEndpoint,
} from './schemas.ts';

export const webhooksContract = {
  listWebhookEndpoints: {
    method: 'get',
    path: '/webhook_endpoints',
    summary: 'List the client’s webhook endpoints',
    access: { scope: 'events:read' },
    query: z.strictObject({
      ...PageParameters,
      order: z.enum(['asc', 'desc', 'normal']).default('desc').meta({
        description: 'Order by creation; `desc` and `normal` are newest first.',
      }),
    }),
    reply: { status: 200, body: listOf('WebhookEndpointList', WebhookEndpoint) },
    problems: [],
  },
  createWebhookEndpoint: {
    method: 'post',
    path: '/webhook_endpoints',
    summary: 'Create a webhook endpoint',
    description:
      'Every event that `GET /events` would show is posted to the endpoint at least once, in no particular order. Answer 2xx within 15 seconds, and process each event id once. Failed deliveries are retried for three days. Deliveries are signed in the headers `WorkOS-Signature`, which WorkOS’s SDKs verify (`constructEvent`), and `webhook-id`, `webhook-timestamp`, `webhook-signature`, as the libraries of Standard Webhooks do. The client also needs the scope `events:read`. A client may have 20 endpoints.',
    access: { scope: 'webhooks:write' },
    body: CreateWebhookEndpoint,
    reply: { status: 201, body: WebhookEndpoint, secret: true },
    problems: ['invalid-url', 'duplicate-endpoint', 'too-many-endpoints'],
  },
  updateWebhookEndpoint: {
    method: 'patch',
    path: '/webhook_endpoints/{id}',
    summary: 'Change a webhook endpoint',
    access: { scope: 'webhooks:write' },
    params: EndpointParams,
    body: UpdateWebhookEndpoint,
    reply: { status: 200, body: WebhookEndpoint },
    problems: ['entity-not-found', 'invalid-url', 'duplicate-endpoint'],
  },
  deleteWebhookEndpoint: {
    method: 'delete',
    path: '/webhook_endpoints/{id}',
    summary: 'Delete a webhook endpoint',
    access: { scope: 'webhooks:write' },
    params: EndpointParams,
    reply: { status: 204 },
    problems: ['entity-not-found'],
  },
  rotateWebhookSecret: {
    method: 'post',
    path: '/v1/webhook-endpoints/{id}/rotate-secret',
    summary: 'Rotate the signing secret of a webhook endpoint',
    description:
      'The former secret also signs for 24 hours, even if the secret is rotated once more in that time. Then three secrets sign, and a third rotation is refused until the oldest has expired. Libraries of Standard Webhooks check all signatures. `WorkOS-Signature` has one: the oldest secret’s at the first attempt, and the newest one’s at the second, five seconds later.',
    access: { scope: 'webhooks:write' },
    params: EndpointParams,
    reply: { status: 201, body: RotatedEndpoint, secret: true },
    problems: ['entity-not-found', 'too-many-secrets'],
  },
  replayWebhookEvents: {
    method: 'post',
    path: '/v1/webhook-endpoints/{id}/replay',
    summary: 'Deliver events again',
    description:
      'Only events of the endpoint’s types that the client may read now. Deliveries that wait for a retry keep their time, except the one named by `event_id`. Refused with 429 while 5,000 deliveries of the endpoint wait.',
    access: { scope: 'webhooks:write' },
    priority: 'batch',
    cost: 5,
    params: EndpointParams,
    body: ReplayEvents,
    reply: { status: 200, body: Replay },
    problems: ['entity-not-found', 'endpoint-disabled'],
  },
  listWebhookDeliveries: {
    method: 'get',
    path: '/v1/webhook-endpoints/{id}/deliveries',
    summary: 'List delivery attempts of a webhook endpoint',
    access: { scope: 'events:read' },
    params: EndpointParams,
    query: z.strictObject({
      ...PageParameters,
      after: NumberCursor.optional().meta({ description: 'Start after the attempt with this id.' }),
      before: NumberCursor.optional().meta({ description: 'End before the attempt with this id.' }),
      event_id: EventId.optional().meta({ description: 'Only attempts for this event.' }),
    }),
    reply: { status: 200, body: listOf('WebhookDeliveryList', Delivery) },
    problems: ['entity-not-found'],
  },
} as const satisfies Contract;
