/** What the API was asked, for tests that count and look at upstream calls. */
import type { IncomingHttpHeaders } from 'node:http';
import { isOf } from './operation-pattern.ts';

export interface RecordedRequest {
  readonly method: string;
  /** As it came, still percent-encoded, without the query. */
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: IncomingHttpHeaders;
  readonly body: unknown;
  readonly at: Date;
}

/** The oldest are dropped beyond this, so that a load test does not fill the memory. */
const KEPT = 20_000;

export interface RequestLog {
  readonly requests: RecordedRequest[];
  readonly record: (request: RecordedRequest) => void;
  /** @param operation `POST /portal/generate_link`, `GET /organizations/external_id/*` */
  readonly requestsTo: (operation: string) => RecordedRequest[];
}

export function createRequestLog(): RequestLog {
  const requests: RecordedRequest[] = [];
  return {
    requests,
    record: (request) => {
      requests.push(request);
      if (requests.length > KEPT) requests.splice(0, requests.length - KEPT);
    },
    requestsTo: (operation) => requests.filter((request) => isOf(operation, request)),
  };
}
