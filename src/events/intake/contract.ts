import { z } from 'zod';
import type { Contract } from '../../http/endpoint.ts';
import { Time } from '../../core/time.ts';

/** A delivery by WorkOS, reduced to the fields that the inbox needs; `data` may contain anything. */
export const Delivery = z
  .object({
    id: z
      .string()
      .regex(/^[\x21-\x7e]{1,100}$/, 'must be an event id')
      .meta({
        description: 'The id of the event. Repeated deliveries of the same id are stored once.',
      }),
    event: z
      .string()
      .regex(/^[\w.-]{1,100}$/, 'must be the name of an event')
      .meta({
        description: 'The event type, e.g. `connection.activated`. Unknown types are accepted.',
      }),
    data: z
      .record(z.string(), z.unknown())
      .meta({ description: 'The complete object that the event is about, with WorkOS’s ids.' }),
    context: z
      .record(z.string(), z.unknown())
      .nullish()
      .meta({ description: 'Further facts about the event.' }),
    created_at: Time.meta({ description: 'When the event occurred, by WorkOS’s clock.' }),
  })
  .meta({ id: 'WebhookDelivery', description: 'An event as WorkOS delivers it.' });

export const eventsContract = {
  receiveWebhook: {
    method: 'post',
    path: '/webhooks/workos',
    summary: 'Receive an event from WorkOS',
    description:
      'Only for WorkOS, which signs each delivery. Answers once the event is stored. A repeated delivery is not stored again.',
    access: 'public',
    headers: z.object({
      'WorkOS-Signature': z.string().meta({
        description:
          '`t=<milliseconds>, v1=<hex>`: HMAC-SHA256 of `<t>.<body>` with one of `WORKOS_WEBHOOK_SECRETS`. Valid for three minutes.',
      }),
    }),
    body: Delivery,
    bodyAs: 'bytes',
    maxBodyBytes: 1024 * 1024,
    reply: {
      status: 200,
      body: z
        .object({ received: z.literal(true).meta({ description: 'Always true.' }) })
        .meta({ id: 'WebhookReceipt', description: 'The event is stored.' }),
    },
    problems: ['invalid-signature'],
  },
} as const satisfies Contract;
