import { columnsOf } from '../db/columns.ts';
import type { Database } from '../db/database.ts';
import { readPage, type PageQuery, type ResultPage } from '../db/page.ts';
import { webhookAttempts } from '../db/schema/webhooks.ts';

export interface AttemptRow {
  readonly id: string;
  readonly eventId: string;
  readonly at: Date;
  readonly status: number | null;
  readonly durationMs: number;
  readonly outcome: string;
}

const COLUMNS = columnsOf(webhookAttempts, {
  only: ['id', 'eventId', 'at', 'status', 'durationMs', 'outcome'],
});

export type AttemptStore = ReturnType<typeof createAttemptStore>;

/** The delivery log of endpoints. */
export const createAttemptStore = (db: Database) => ({
  /** The caller has checked that the endpoint belongs to the client. */
  list(
    endpointId: string,
    { event_id, ...page }: PageQuery & { readonly event_id?: string | undefined },
  ): Promise<ResultPage<AttemptRow>> {
    return readPage<AttemptRow>(
      db,
      {
        table: 'webhook_attempts',
        columns: COLUMNS,
        visible: 'endpoint_id = $1',
        where: ['($2::text is null or event_id = $2)'],
        values: [endpointId, event_id],
        key: 'id',
        idType: 'bigint',
      },
      page,
    );
  },
});
