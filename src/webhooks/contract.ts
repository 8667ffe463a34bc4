import { z } from 'zod';
import type { Contract } from '../http/endpoint.ts';
import { listOf, PageParameters } from '../http/pagination.ts';
import { Time } from '../core/time.ts';

const EndpointId = z
  .string()
  .regex(/^[A-Za-z0-9_]{1,128}$/, 'must be the id of a webhook endpoint')
  .meta({
    description: 'The webhook endpoint.',
    examples: ['we_01EHZNVPK3SFK441A1RGBFSHRT'],
  });

const EndpointParams = z.object({ id: EndpointId });

const EventId = z
  .string()
  .regex(/^[\x21-\x7e]{1,128}$/, 'must be the id of an event')
  .meta({ description: 'An event.', examples: ['event_01EHZNVPK3SFK441A1RGBFSHRT'] });

const Url = z
  .string()
  .max(2_048)
  .meta({
    description:
      'Where to deliver. Of an origin that WEBHOOK_ENDPOINT_ORIGINS names, so https unless that says http; no user name, no fragment.',
    examples: ['https://billing.internal.example/webhooks'],
  });

const EventTypes = z
  .array(
    z
      .string()
      .max(128)
      .regex(/^[a-z0-9_]+(\.[a-z0-9_]+)+$/, 'must be a type of event'),
  )
  .min(1, 'must name at least one type')
  .max(200, 'must be at most 200 types')
  .transform((types) => [...new Set(types)])
  .meta({
    description:
      'The types of events to deliver. Types that do not exist (yet) are taken as they are.',
    examples: [['connection.activated', 'dsync.user.created']],
  });

const Status = z
  .enum(['enabled', 'disabled'])
  .meta({ description: 'Whether events are delivered. What comes while disabled is not owed.' });

const CreateWebhookEndpoint = z
  .strictObject({ endpoint_url: Url, events: EventTypes })
  .meta({ id: 'CreateWebhookEndpoint', description: 'A webhook endpoint, to be.' });

const UpdateWebhookEndpoint = z
  .strictObject({
    endpoint_url: Url.optional(),
    events: EventTypes.optional(),
    status: Status.optional(),
  })
  .meta({ id: 'UpdateWebhookEndpoint', description: 'What to change.' });

const FIELDS = {
  object: z.literal('webhook_endpoint').meta({ description: 'Always `webhook_endpoint`.' }),
  id: z.string().meta({ description: 'The webhook endpoint.' }),
  endpoint_url: z.string().meta({ description: 'Where events are delivered.' }),
  secret: z.string().meta({
    description:
      'What deliveries are signed with: answered once, when the endpoint is made or the secret is rotated, and empty afterwards.',
  }),
  status: z.enum(['enabled', 'disabled']).meta({
    description: '`disabled` also when the endpoint answered 410.',
  }),
  events: z.array(z.string()).meta({ description: 'The types of events that are delivered.' }),
  created_at: z.iso.datetime().meta({ description: 'When it was made.' }),
  updated_at: z.iso.datetime().meta({ description: 'When it last changed.' }),
};

const WebhookEndpoint = z
  .object(FIELDS)
  .meta({ id: 'WebhookEndpoint', description: 'Where a client has events delivered.' });

const RotatedEndpoint = z
  .object({
    ...FIELDS,
    former_secret_until: z.iso
      .datetime()
      .meta({ description: 'Until then deliveries are signed with the secret before, too.' }),
  })
  .meta({ id: 'RotatedWebhookEndpoint', description: 'A webhook endpoint with a new secret.' });

const waysOf = ({ event_id, since, missed }: Record<string, unknown>): number =>
  [event_id, since, missed].filter((one) => one !== undefined).length;

const ReplayEvents = z
  .strictObject({
    event_id: EventId.optional().meta({ description: 'This event.' }),
    since: Time.optional().meta({
      description: 'All events that happened at or after this time (RFC 3339).',
    }),
    until: Time.optional().meta({ description: 'With `since`: and before this time.' }),
    missed: z.literal(true).optional().meta({
      description:
        'All events since the endpoint was made that were given up, or came while it was disabled.',
    }),
  })
  .refine((body) => waysOf(body) > 0, {
    error: 'is required, or since, or missed',
    path: ['event_id'],
    params: { code: 'required' },
  })
  .refine((body) => waysOf(body) < 2, {
    error: 'must be given alone: event_id, since or missed',
    path: ['event_id'],
  })
  .refine(({ since, until }) => until === undefined || since !== undefined, {
    error: 'needs since',
    path: ['until'],
  })
  .meta({ id: 'ReplayEvents', description: 'Which events to deliver once more.' });

const Replay = z
  .object({
    object: z.literal('webhook_replay').meta({ description: 'Always `webhook_replay`.' }),
    count: z.int().meta({
      description:
        'How many deliveries are due now: at most 1,000. None: nothing is there to deliver.',
    }),
    more_since: z.iso.datetime().nullable().meta({
      description:
        'There is more: ask again with `since` this time, or with `missed` as before. Null: that was all.',
    }),
  })
  .meta({ id: 'WebhookReplay', description: 'What will be delivered once more.' });

const Delivery = z
  .object({
    object: z.literal('webhook_delivery').meta({ description: 'Always `webhook_delivery`.' }),
    id: z.string().meta({ description: 'Grows with time.' }),
    event_id: z.string().meta({ description: 'The event.' }),
    at: z.iso.datetime().meta({ description: 'When the attempt had ended.' }),
    status: z.int().nullable().meta({ description: 'The HTTP status. Null: no answer.' }),
    duration_ms: z.int().meta({ description: 'How long it took, in milliseconds.' }),
    outcome: z.string().meta({
      description:
        '`delivered` (2xx), `refused` (another status), `redirected` (3xx, never followed), `gone` (410: the endpoint was disabled), `timeout`, `name_not_resolved` (the host has no address), `connection_refused`, `connection_reset` (it ended before an answer), `tls_failed` (for example an expired certificate), `invalid_answer` (not HTTP, or headers too large), `unreachable` (another fault of the network), `address_refused` (the host’s address is not allowed), `url_refused` (its origin is not allowed any more) or `secret_unreadable` (nothing was sent: Gatehouse lacks the key that opens the signing secret; it goes on by itself once that is back, or after the secret is rotated).',
    }),
  })
  .meta({ id: 'WebhookDelivery', description: 'One attempt at a delivery.' });

const AttemptId = z.string().regex(/^\d{1,18}$/, 'must be an id that a list gave');

export const webhooksContract = {
  listWebhookEndpoints: {
    method: 'get',
    path: '/webhook_endpoints',
    summary: 'List the client’s webhook endpoints',
    access: { scope: 'events:read' },
    query: z.strictObject(PageParameters),
    reply: { status: 200, body: listOf('WebhookEndpointList', WebhookEndpoint) },
    problems: [],
  },
  createWebhookEndpoint: {
    method: 'post',
    path: '/webhook_endpoints',
    summary: 'Have events delivered',
    description:
      'Every event that `GET /events` would show is posted there, at least once, in no certain order; answer 2xx within 15 seconds, and act once for each id. What fails is tried again for three days. Deliveries are signed in the headers `WorkOS-Signature`, which WorkOS’s SDKs verify (`constructEvent`), and `webhook-id`, `webhook-timestamp`, `webhook-signature`, as the libraries of Standard Webhooks do. The client also needs the scope `events:read`. A client may have 20 endpoints.',
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
    summary: 'Have events no longer delivered',
    access: { scope: 'webhooks:write' },
    params: EndpointParams,
    reply: { status: 204 },
    problems: ['entity-not-found'],
  },
  rotateWebhookSecret: {
    method: 'post',
    path: '/v1/webhook-endpoints/{id}/rotate-secret',
    summary: 'Sign with a new secret',
    description:
      'For 24 hours the secret before signs too, also if the secret is rotated once more in that time; then three secrets sign, and a third rotation is refused until the oldest has ended. Libraries of Standard Webhooks look at all signatures; WorkOS’s SDKs look at the first in `WorkOS-Signature` only, which is the oldest secret’s at a first attempt and the newest one’s at the second, five seconds later.',
    access: { scope: 'webhooks:write' },
    params: EndpointParams,
    reply: { status: 201, body: RotatedEndpoint, secret: true },
    problems: ['entity-not-found', 'too-many-secrets'],
  },
  replayWebhookEvents: {
    method: 'post',
    path: '/v1/webhook-endpoints/{id}/replay',
    summary: 'Deliver events once more',
    description:
      'Of the types that the endpoint wants, and that the client may read now. Deliveries that are still to be tried again are left to their time, but for one that is named by `event_id`.',
    access: { scope: 'webhooks:write' },
    params: EndpointParams,
    body: ReplayEvents,
    reply: { status: 200, body: Replay },
    problems: ['entity-not-found', 'endpoint-disabled'],
  },
  listWebhookDeliveries: {
    method: 'get',
    path: '/v1/webhook-endpoints/{id}/deliveries',
    summary: 'Read what became of deliveries',
    access: { scope: 'events:read' },
    params: EndpointParams,
    query: z.strictObject({
      ...PageParameters,
      after: AttemptId.optional().meta({ description: 'Begin after the attempt with this id.' }),
      before: AttemptId.optional().meta({ description: 'End before the attempt with this id.' }),
      event_id: EventId.optional().meta({ description: 'Only attempts for this event.' }),
    }),
    reply: { status: 200, body: listOf('WebhookDeliveryList', Delivery) },
    problems: ['entity-not-found'],
  },
} as const satisfies Contract;
