import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';

/** What one request has come to be known by: read by the log line and the metrics, written as it goes. */
export interface RequestContext {
  readonly requestId: string;
  readonly startedAt: number;
  readonly method: string;
  /** The template, never the path: tickets and codes travel in paths and queries. */
  route: string;
  operationId: string | undefined;
  clientId: string | undefined;
  tenantId: string | undefined;
  /** The problem's code, when it came to one. */
  code: string | undefined;
  /** What an operator needs and the caller must not see. */
  cause: unknown;
}

const REQUEST_ID = /^[A-Za-z0-9._-]{1,128}$/;

/** Kept on the response itself: a WeakMap keyed by it costs three times as much, and the collector too. */
const CONTEXT = Symbol('request context');

type Opened = ServerResponse & { [CONTEXT]?: RequestContext };

/** Starts the context of a request; a well-formed `X-Request-ID` of the caller is kept. */
export function openContext(req: IncomingMessage, res: ServerResponse): RequestContext {
  const given = req.headers['x-request-id'];
  const context: RequestContext = {
    requestId: typeof given === 'string' && REQUEST_ID.test(given) ? given : randomUUID(),
    startedAt: performance.now(),
    method: req.method ?? 'GET',
    route: '(unmatched)',
    operationId: undefined,
    clientId: undefined,
    tenantId: undefined,
    code: undefined,
    cause: undefined,
  };
  (res as Opened)[CONTEXT] = context;
  return context;
}

export function contextOf(res: ServerResponse): RequestContext {
  const context = (res as Opened)[CONTEXT];
  if (!context) throw new Error('The request was not opened.');
  return context;
}
