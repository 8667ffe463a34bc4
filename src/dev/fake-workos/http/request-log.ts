/** Records API requests, so that tests can count and inspect upstream calls. */
import type { IncomingHttpHeaders } from 'node:http';
import { matchesOperation } from './router.ts';

export interface RecordedRequest {
  readonly method: string;
  /** Still percent-encoded, without the query. */
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: IncomingHttpHeaders;
  readonly body: unknown;
  readonly at: Date;
}

/** Drops the oldest beyond this, so that a load test does not fill the memory. */
const MAX_REQUESTS = 20_000;

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
      if (requests.length > MAX_REQUESTS) requests.splice(0, requests.length - MAX_REQUESTS);
    },
    requestsTo: (operation) => requests.filter((request) => matchesOperation(operation, request)),
  };
}
