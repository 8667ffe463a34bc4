import { recordIn, type AuditRow } from '../audit-trail/writer.ts';
import type { Database } from '../db/database.ts';
import type { Jobs } from '../db/jobs.ts';
import { readPage, type Page, type PageQuery } from '../db/page.ts';
import { isUniqueViolation } from '../db/problems.ts';
import { Problem } from '../problem.ts';

export interface EndpointRow {
  readonly id: string;
  readonly endpointUrl: string;
  readonly events: readonly string[];
  readonly status: 'enabled' | 'disabled';
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

export interface NewEndpoint {
  readonly id: string;
  readonly clientId: string;
  readonly endpointUrl: string;
  readonly events: readonly string[];
  /** Sealed. */
  readonly secret: string;
}

export type EndpointChanges = Partial<Pick<EndpointRow, 'endpointUrl' | 'events' | 'status'>>;

export interface AttemptRow {
  readonly id: string;
  readonly eventId: string;
  readonly at: Date;
  readonly status: number | null;
  readonly durationMs: number;
  readonly outcome: string;
}

/** Which events an endpoint is owed again. */
export type ReplayOf =
  | { readonly eventId: string }
  | { readonly since: string; readonly until: string | null }
  | { readonly missed: true };

/** One event for one endpoint, and how often that was tried. */
export interface DeliveryJob {
  readonly endpointId: string;
  readonly eventId: string;
  /** Failed ones before this. */
  readonly attempt: number;
}

export type DeliveryJobs = Jobs<DeliveryJob>;

const COLUMNS = `id, endpoint_url as "endpointUrl", events, status,
  created_at as "createdAt", updated_at as "updatedAt"`;

export type EndpointStore = ReturnType<typeof createEndpointStore>;

/** Endpoints as their clients see them; what is owed to them is in `messages-store.ts`. */
export const createEndpointStore = (db: Database) => ({
  list(clientId: string, page: PageQuery): Promise<Page<EndpointRow>> {
    return readPage<EndpointRow>(
      db,
      {
        table: 'webhook_endpoints',
        columns: COLUMNS,
        visible: 'client_id = $1',
        where: [],
        values: [clientId],
      },
      page,
    );
  },

  async find(clientId: string, id: string): Promise<EndpointRow | undefined> {
    const [row] = await db.query<EndpointRow>(
      `select ${COLUMNS} from webhook_endpoints where client_id = $1 and id = $2`,
      [clientId, id],
    );
    return row;
  },

  /** @throws Problem `duplicate-endpoint` */
  add({ id, clientId, endpointUrl, events, secret }: NewEndpoint, audit: AuditRow) {
    return unique(() =>
      db.transaction(async (tx) => {
        const rows = await tx.query<EndpointRow>(
          `insert into webhook_endpoints (id, client_id, endpoint_url, events, status, secret)
           values ($1, $2, $3, $4, 'enabled', $5) returning ${COLUMNS}`,
          [id, clientId, endpointUrl, events, secret],
        );
        await recordIn(tx, audit);
        return only(rows);
      }),
    );
  },

  /** @throws Problem `entity-not-found`, `duplicate-endpoint` */
  change(clientId: string, id: string, changes: EndpointChanges, audit: AuditRow) {
    return unique(() =>
      db.transaction(async (tx) => {
        const rows = await tx.query<EndpointRow>(
          `update webhook_endpoints set endpoint_url = coalesce($3, endpoint_url),
             events = coalesce($4, events), status = coalesce($5, status),
             disabled_reason = case when $5 is null then disabled_reason end, updated_at = now()
           where client_id = $1 and id = $2 returning ${COLUMNS}`,
          [clientId, id, changes.endpointUrl, changes.events, changes.status],
        );
        await recordIn(tx, audit);
        return only(rows);
      }),
    );
  },

  /** The one before also signs until then. @throws Problem `entity-not-found` */
  rotate(
    clientId: string,
    id: string,
    secret: string,
    audit: AuditRow,
  ): Promise<EndpointRow & { readonly formerSecretUntil: Date }> {
    return db.transaction(async (tx) => {
      const rows = await tx.query<EndpointRow & { formerSecretUntil: Date }>(
        `update webhook_endpoints set secret = $3, former_secret = secret,
           former_secret_until = now() + interval '24 hours', updated_at = now()
         where client_id = $1 and id = $2
         returning ${COLUMNS}, former_secret_until as "formerSecretUntil"`,
        [clientId, id, secret],
      );
      await recordIn(tx, audit);
      return only(rows);
    });
  },

  /** With all that it was owed. @throws Problem `entity-not-found` */
  remove(clientId: string, id: string, audit: AuditRow): Promise<void> {
    return db.transaction(async (tx) => {
      const rows = await tx.query(
        'delete from webhook_endpoints where client_id = $1 and id = $2 returning id',
        [clientId, id],
      );
      only(rows);
      await tx.query('delete from webhook_messages where endpoint_id = $1', [id]);
      await recordIn(tx, audit);
    });
  },

  /** The log of an endpoint, which is the client's. */
  attempts(
    id: string,
    { event_id, ...page }: PageQuery & { event_id?: string | undefined },
  ): Promise<Page<AttemptRow>> {
    return readPage<AttemptRow>(
      db,
      {
        table: 'webhook_attempts',
        columns: `id::text as id, event_id as "eventId", at, status, duration_ms as "durationMs", outcome`,
        visible: 'endpoint_id = $1',
        where: ['($2::text is null or event_id = $2)'],
        values: [id, event_id],
        // Not `id` alone: ORDER BY would take it for the output column, which is text.
        key: 'webhook_attempts.id',
        idType: 'bigint',
      },
      page,
    );
  },
});

/** @throws Problem `entity-not-found` */
function only<R>([row]: readonly R[]): R {
  if (row) return row;
  throw endpointNotFound();
}

export const endpointNotFound = (): Problem =>
  new Problem('entity-not-found', 'There is no such webhook endpoint of this client.');

async function unique<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!isUniqueViolation(error, 'webhook_endpoints_url')) throw error;
    throw new Problem('duplicate-endpoint', 'The client has an endpoint with this URL already.', {
      cause: error,
    });
  }
}
