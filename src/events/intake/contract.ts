import { z } from 'zod';
import type { Contract } from '../../http/endpoint.ts';
import { Time } from '../../core/time.ts';

/** A delivery of WorkOS, as far as the inbox needs it; `data` may hold anything. */
export const Delivery = z
  .object({
    id: z
      .string()
      .regex(/^[\x21-\x7e]{1,100}$/, 'must be an event id')
      .meta({ description: 'The event’s id: each is taken once, however often it comes.' }),
    event: z
      .string()
      .regex(/^[\w.-]{1,100}$/, 'must be the name of an event')
      .meta({ description: 'What happened, e.g. `connection.activated`; also one not known yet.' }),
    data: z
      .record(z.string(), z.unknown())
      .meta({ description: 'What it happened to, whole and with WorkOS’s ids.' }),
    context: z
      .record(z.string(), z.unknown())
      .nullish()
      .meta({ description: 'What else WorkOS tells of it.' }),
    created_at: Time.meta({ description: 'When it happened, by WorkOS’s clock.' }),
  })
  .meta({ id: 'WebhookDelivery', description: 'One event, as WorkOS delivers it.' });

export const eventsContract = {
  receiveWebhook: {
    method: 'post',
    path: '/webhooks/workos',
    summary: 'Take in an event that WorkOS delivers',
    description:
      'For WorkOS alone, which signs each delivery. Answers once the event is stored; delivered again it is stored no second time.',
    access: 'public',
    headers: z.object({
      'WorkOS-Signature': z.string().meta({
        description:
          '`t=<milliseconds>, v1=<hex>`: HMAC-SHA256 of `<t>.<body>` with a secret of `WORKOS_WEBHOOK_SECRETS`, at most three minutes old.',
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
