import { z } from 'zod';
import type { Contract } from '../../http/endpoint.ts';
import { PageParameters } from '../../http/pagination.ts';
import { Time } from '../../core/time.ts';
import { TenantId } from '../../core/wire-ids.ts';

const EventTypes = z
  .string()
  .max(4_000)
  .transform((text) => text.split(',').map((type) => type.trim()))
  .pipe(
    z
      .array(
        z
          .string()
          .regex(
            /^[a-z0-9_]+(\.[a-z0-9_]+)+$/,
            'must be types of events, such as connection.activated; there are no wildcards',
          ),
      )
      .max(200, 'must be at most 200 types'),
  )
  .meta({
    type: 'string',
    description:
      'Only events of these types. Separate them by commas, or repeat the parameter. Default: all types.',
    examples: ['connection.activated,dsync.user.created'],
  });

const { limit, after, before } = PageParameters;

const FeedEvent = z
  .object({
    object: z.literal('event').meta({ description: 'Always `event`.' }),
    id: z.string().meta({
      description:
        'The id of the event, the same in the feed and in deliveries. Process each id once.',
      examples: ['event_01EHZNVPK3SFK441A1RGBFSHRT'],
    }),
    event: z.string().meta({ description: 'The event type.', examples: ['connection.activated'] }),
    data: z.record(z.string(), z.unknown()).meta({
      description:
        'The object that the event is about, as WorkOS sends it, with tenant ids instead of organization ids.',
    }),
    created_at: z.iso.datetime().meta({ description: 'When the event occurred.' }),
    context: z
      .record(z.string(), z.unknown())
      .optional()
      .meta({ description: 'Further facts about the event, if WorkOS sends any.' }),
  })
  .meta({ id: 'Event', description: 'An event of a tenant of the client.' });

export const feedContract = {
  listEvents: {
    method: 'get',
    path: '/events',
    summary: 'List events in order',
    description:
      'Lists the events of the client’s tenants in the order in which Gatehouse received them; no event is ever inserted before one that was already listed. Events without a tenant are listed for clients with `*`. To continue, pass the last `list_metadata.after` that was not null as `after`, also that of an empty page: if very few of many events match, a page ends early.',
    access: { scope: 'events:read', tenant: 'query.organization_id' },
    query: z.strictObject({
      events: EventTypes.optional(),
      organization_id: TenantId.optional().meta({ description: 'Only events of this tenant.' }),
      range_start: Time.optional().meta({
        description: 'Only events that occurred at or after this time (RFC 3339).',
      }),
      range_end: Time.optional().meta({
        description: 'Only events that occurred before this time (RFC 3339).',
      }),
      limit,
      after: after.meta({ description: 'Start after the event with this id.' }),
      before: before.meta({ description: 'The events just before the one with this id.' }),
      order: z.enum(['asc', 'desc', 'normal']).default('asc').meta({
        description: '`asc`: oldest first. `desc` and `normal`: newest first.',
      }),
    }),
    lists: ['events'],
    reply: {
      status: 200,
      body: z
        .object({
          object: z.literal('list').meta({ description: 'Always `list`.' }),
          data: z.array(FeedEvent).meta({ description: 'The events of this page.' }),
          list_metadata: z
            .object({
              before: z.string().nullable().meta({
                description:
                  'With `before`: the cursor for the page before this one. Otherwise null.',
              }),
              after: z.string().nullable().meta({
                description:
                  'The id of the last event of this page, also on the last page; a position, if the page ended early. Null at the end of the feed.',
              }),
            })
            .meta({ description: 'The cursor for the next page.' }),
        })
        .meta({ id: 'EventList', description: 'A page of the feed.' }),
    },
    problems: [],
  },
} as const satisfies Contract;
