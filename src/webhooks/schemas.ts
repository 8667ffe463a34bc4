import { z } from 'zod';
import { Time } from '../core/time.ts';

const EndpointId = z
  .string()
  .regex(/^[A-Za-z0-9_]{1,128}$/, 'must be the id of a webhook endpoint')
  .meta({
    description: 'The id of a webhook endpoint.',
    examples: ['we_01EHZNVPK3SFK441A1RGBFSHRT'],
  });

export const EndpointParams = z.object({ id: EndpointId });

export const EventId = z
  .string()
  .regex(/^[\x21-\x7e]{1,128}$/, 'must be the id of an event')
  .meta({ description: 'The id of an event.', examples: ['event_01EHZNVPK3SFK441A1RGBFSHRT'] });

const Url = z
  .string()
  .max(2_048)
  .meta({
    description:
      'The URL to deliver events to. Its origin must be one that the platform team allows (`WEBHOOK_ENDPOINT_ORIGINS`), so it is https unless that setting allows http. No user name and no fragment.',
    examples: ['https://billing.internal.example/webhooks'],
  });

const EventTypes = z
  .array(
    z
      .string()
      .max(128)
      .regex(
        /^[a-z0-9_]+(\.[a-z0-9_]+)+$/,
        'must be a type of event, such as connection.activated; there are no wildcards',
      ),
  )
  .min(1, 'must name at least one type')
  .max(200, 'must be at most 200 types')
  .transform((types) => [...new Set(types)])
  .meta({
    description:
      'The event types to deliver. A type that neither this release knows nor WorkOS has sent yet is refused.',
    examples: [['connection.activated', 'dsync.user.created']],
  });

const Status = z.enum(['enabled', 'disabled']).meta({
  description:
    'Events that occur while the endpoint is `disabled` are not delivered later; see `replayWebhookEvents`.',
});

export const CreateWebhookEndpoint = z
  .strictObject({ endpoint_url: Url, events: EventTypes })
  .meta({ id: 'CreateWebhookEndpoint', description: 'A new webhook endpoint.' });

export const UpdateWebhookEndpoint = z
  .strictObject({
    endpoint_url: Url.optional(),
    events: EventTypes.optional(),
    status: Status.optional(),
  })
  .meta({ id: 'UpdateWebhookEndpoint', description: 'The fields to change.' });

const FIELDS = {
  object: z.literal('webhook_endpoint').meta({ description: 'Always `webhook_endpoint`.' }),
  id: z.string().meta({ description: 'The id of the webhook endpoint.' }),
  endpoint_url: z.string().meta({ description: 'The URL that events are delivered to.' }),
  secret: z.string().meta({
    description:
      'The signing secret. Returned once, when the endpoint is created or the secret is rotated; empty afterwards.',
  }),
  status: z.enum(['enabled', 'disabled']).meta({
    description: 'Gatehouse sets `disabled` itself if the endpoint answers 410.',
  }),
  events: z.array(z.string()).meta({ description: 'The event types that are delivered.' }),
  created_at: z.iso.datetime().meta({ description: 'When the endpoint was created.' }),
  updated_at: z.iso.datetime().meta({ description: 'When the endpoint last changed.' }),
};

export const WebhookEndpoint = z
  .object(FIELDS)
  .meta({ id: 'WebhookEndpoint', description: 'A URL of a client that events are delivered to.' });

export const RotatedEndpoint = z
  .object({
    ...FIELDS,
    former_secret_until: z.iso.datetime().meta({
      description: 'Until this time deliveries are signed with the former secret as well.',
    }),
  })
  .meta({ id: 'RotatedWebhookEndpoint', description: 'A webhook endpoint with a new secret.' });

const waysOf = ({ event_id, since, missed }: Record<string, unknown>): number =>
  [event_id, since, missed].filter((one) => one !== undefined).length;

export const ReplayEvents = z
  .strictObject({
    event_id: EventId.optional().meta({ description: 'Only this event.' }),
    since: Time.optional().meta({
      description: 'All events that happened at or after this time (RFC 3339).',
    }),
    until: Time.optional().meta({
      description: 'Together with `since`: only events before this time.',
    }),
    missed: z.literal(true).optional().meta({
      description:
        'All events since the endpoint was created whose delivery failed for good, or that occurred while it was disabled.',
    }),
    after: z
      .string()
      .regex(/^\d{1,18}$/, 'must be the more_after of an earlier reply')
      .optional()
      .meta({ description: 'Together with `since` or `missed`: continue there.' }),
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
  .refine(({ event_id, after }) => event_id === undefined || after === undefined, {
    error: 'needs since or missed',
    path: ['after'],
  })
  .meta({
    id: 'ReplayEvents',
    description: 'The events to deliver again. Give one of `event_id`, `since` and `missed`.',
  });

export const Replay = z
  .object({
    object: z.literal('webhook_replay').meta({ description: 'Always `webhook_replay`.' }),
    count: z.int().meta({
      description:
        'The number of deliveries that are due now, at most 1,000. 0 if there is nothing to deliver.',
    }),
    more_after: z.string().nullable().meta({
      description:
        'Set if not all events were looked at: send the request again with `after` set to this. It may be set although `count` is 0. Null if there are no more.',
    }),
  })
  .meta({ id: 'WebhookReplay', description: 'The deliveries that a replay has queued.' });

export const Delivery = z
  .object({
    object: z.literal('webhook_delivery').meta({ description: 'Always `webhook_delivery`.' }),
    id: z.string().meta({ description: 'The id of the attempt. Later attempts have larger ids.' }),
    event_id: z.string().meta({ description: 'The id of the event.' }),
    at: z.iso.datetime().meta({ description: 'When the attempt ended.' }),
    status: z
      .int()
      .nullable()
      .meta({ description: 'The HTTP status of the response. Null if there was none.' }),
    duration_ms: z.int().meta({ description: 'The duration in milliseconds.' }),
    outcome: z.string().meta({
      description:
        '`delivered` (2xx), `refused` (another status), `redirected` (3xx, never followed), `gone` (410: the endpoint was disabled), `timeout`, `name_not_resolved` (the host has no address), `connection_refused`, `connection_reset` (the connection ended before a response), `tls_failed` (for example an expired certificate), `invalid_answer` (not HTTP, or headers too large), `unreachable` (another network error), `address_refused` (the host’s address is not allowed), `url_refused` (its origin is no longer allowed) or `secret_unreadable` (nothing was sent, because Gatehouse lacks the key that decrypts the signing secret; it is retried once the key is back or the secret is rotated).',
    }),
  })
  .meta({ id: 'WebhookDelivery', description: 'One attempt to deliver an event.' });
