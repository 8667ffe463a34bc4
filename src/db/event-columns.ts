import { columnsOf } from './columns.ts';
import { events } from './schema/events.ts';

/** SQL: the columns of an `AppliedEvent`. @param alias the alias of `events` in the statement */
export const eventColumns = (alias?: string): string =>
  columnsOf(events, {
    ...(alias !== undefined && { alias }),
    only: ['id', 'event', 'organizationId', 'tenantId', 'data', 'context', 'createdAt', 'position'],
  });
