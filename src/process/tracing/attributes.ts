import {
  ATTR_DB_QUERY_SUMMARY,
  ATTR_DB_SYSTEM_NAME,
  ATTR_ERROR_TYPE,
  ATTR_HTTP_REQUEST_METHOD,
  ATTR_HTTP_REQUEST_RESEND_COUNT,
  ATTR_HTTP_RESPONSE_STATUS_CODE,
  ATTR_HTTP_ROUTE,
  ATTR_SERVER_ADDRESS,
} from '@opentelemetry/semantic-conventions';
import type { Attributes } from '@opentelemetry/api';
import type { SpanFacts } from '../../core/span.ts';

/** The attribute of each fact: OpenTelemetry's name where there is one. `docs/tracing.md` explains them. */
export const ATTRIBUTES = {
  method: ATTR_HTTP_REQUEST_METHOD,
  route: ATTR_HTTP_ROUTE,
  status: ATTR_HTTP_RESPONSE_STATUS_CODE,
  retry: ATTR_HTTP_REQUEST_RESEND_COUNT,
  host: ATTR_SERVER_ADDRESS,
  statement: ATTR_DB_QUERY_SUMMARY,
  error: ATTR_ERROR_TYPE,
  operation: 'gatehouse.operation',
  requestId: 'gatehouse.request_id',
  clientId: 'gatehouse.client_id',
  tenantId: 'gatehouse.tenant_id',
  problem: 'gatehouse.problem',
  workosClass: 'gatehouse.workos.class',
  workosOperation: 'gatehouse.workos.operation',
  endpointId: 'gatehouse.webhook.endpoint_id',
  eventId: 'gatehouse.event.id',
  eventName: 'gatehouse.event.name',
  outcome: 'gatehouse.webhook.outcome',
  task: 'gatehouse.task',
  eventsApplied: 'gatehouse.events_applied',
  isLeading: 'gatehouse.leading',
} as const satisfies Record<keyof SpanFacts, string>;

/** Every span of the database has it. */
export const DATABASE = { [ATTR_DB_SYSTEM_NAME]: 'postgresql' } as const;

/** Facts without an entry in the table are dropped. */
export const attributesOf = (facts: SpanFacts): Attributes =>
  Object.fromEntries(
    Object.entries(facts).flatMap(([fact, value]: [string, unknown]) =>
      fact in ATTRIBUTES && value !== undefined
        ? [[ATTRIBUTES[fact as keyof SpanFacts], value as string | number | boolean]]
        : [],
    ),
  );
