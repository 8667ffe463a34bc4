import type { RecordOccurrence } from '../core/ports.ts';
import { failureOf } from '../workos/failure.ts';

/** The facts of an ended request, as the access log has them. */
export interface EndedRequest {
  readonly requestId: string;
  readonly operationId: string | undefined;
  readonly clientId: string | undefined;
  readonly tenantId: string | undefined;
  /** The code of the problem, if the request ended in one. */
  readonly code: string | undefined;
  readonly cause: unknown;
}

/** Says that an object does not exist, which is often what the caller wanted to know. */
const ORDINARY = ['not_found', 'entity_not_found'];

/** Records that a request about a tenant was refused or failed, and what WorkOS answered. */
export function recordRefusedRequest(record: RecordOccurrence, request: EndedRequest): void {
  const { requestId, operationId, clientId, tenantId, code, cause } = request;
  if (operationId === undefined || tenantId === undefined) return;
  if (code === undefined || ORDINARY.includes(code)) return;
  const failure = failureOf(cause);
  const { status, code: theirs } = failure?.facts ?? {};
  record({
    tenantId,
    operation: operationId,
    outcome: failure ? 'failed' : 'refused',
    reason: code,
    clientId,
    requestId,
    said: failure && [failure.kind, status, theirs].filter(Boolean).join(' '),
  });
}
