import { z } from 'zod';
import type { Contract } from '../../http/endpoint.ts';
import { PageParameters } from '../../http/pagination.ts';
import { Time } from '../../core/time.ts';
import { TenantId } from '../../core/wire-ids.ts';

/** Any type is accepted, because WorkOS adds new ones without notice. */
const EventTypes = z
  .string()
  .max(4_000)
  .transform((text) => text.split(',').map((type) => type.trim()))
  .pipe(
    z
      .array(z.string().regex(/^[a-z0-9_]+(\.[a-z0-9_]+)+$/, 'must be types of events'))
      .max(200, 'must be at most 200 types'),
  )
  .meta({
    type: 'string',
    description:
      'Only events of these types, separated by commas or given once for each. Default: all.',
    examples: ['connection.activated,dsync.user.created'],
  });

const { limit, after } = PageParameters;

const FeedEvent = z
  .object({
    object: z.literal('event').meta({ description: 'Always `event`.' }),
    id: z.string().meta({
      description: 'The event, the same in feed and deliveries: act once for each id.',
      examples: ['event_01EHZNVPK3SFK441A1RGBFSHRT'],
    }),
    event: z.string().meta({ description: 'Its type.', examples: ['connection.activated'] }),
    data: z.record(z.string(), z.unknown()).meta({
      description: 'What it is about, as WorkOS tells it, with tenant ids for organization ids.',
    }),
    created_at: z.iso.datetime().meta({ description: 'When it happened.' }),
    context: z
      .record(z.string(), z.unknown())
      .optional()
      .meta({ description: 'More about how it came to be, if there is more.' }),
  })
  .meta({ id: 'Event', description: 'Something that happened to a tenant of the client.' });

export const feedContract = {
  listEvents: {
    method: 'get',
    path: '/events',
    summary: 'Read what happened, in order',
    description:
      'The events of the client’s tenants, in the order in which they came in; none is ever put in before one that was read. Events without a tenant are shown to clients with `*`. To read on, give `list_metadata.after` of the last page that had one as `after`.',
    access: { scope: 'events:read', tenant: 'query.organization_id' },
    query: z.strictObject({
      events: EventTypes.optional(),
      organization_id: TenantId.optional().meta({ description: 'Only events of this tenant.' }),
      range_start: Time.optional().meta({
        description: 'Only events that happened at or after this time (RFC 3339).',
      }),
      range_end: Time.optional().meta({
        description: 'Only events that happened before this time (RFC 3339).',
      }),
      limit,
      after: after.meta({ description: 'Begin after the event with this id.' }),
      order: z.enum(['asc', 'desc']).default('asc').meta({
        description: 'Oldest first is `asc`, newest first `desc`.',
      }),
    }),
    repeatable: ['events'],
    reply: {
      status: 200,
      body: z
        .object({
          object: z.literal('list').meta({ description: 'Always `list`.' }),
          data: z.array(FeedEvent).meta({ description: 'The events of this page.' }),
          list_metadata: z
            .object({
              before: z.null().meta({ description: 'Always null: a feed is read forward.' }),
              after: z.string().nullable().meta({
                description:
                  'The last event of this page, also of the last page. Null: the page is empty.',
              }),
            })
            .meta({ description: 'Where to read on.' }),
        })
        .meta({ id: 'EventList', description: 'A page of the feed.' }),
    },
    problems: [],
  },
} as const satisfies Contract;
