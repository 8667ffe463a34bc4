import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Caller, Priority } from '../core/caller.ts';
import { Cancellation } from '../core/cancellation.ts';
import type { Actor } from '../core/identity.ts';
import type { Problem, ProblemSlug } from '../core/problem.ts';
import type { Span } from '../core/span.ts';
import type { WayBack } from './way-back.ts';

/** Facts about one request, collected while it is handled, for its log line and the metrics. */
export interface RequestContext extends Caller {
  readonly requestId: string;
  readonly startedAt: number;
  readonly method: string;
  /** The path template, never the path: paths and queries carry tickets and codes. */
  route: string;
  operationId: string | undefined;
  /** Present if the operation was run for a request to another one. */
  readonly via?: Actor['via'];
  clientId: string | undefined;
  priority: Priority;
  /** Cancelled when the connection closes before the reply. Undefined once the operation must be finished. */
  cancellation: Cancellation | undefined;
  tenantId: string | undefined;
  /** Undefined until the request's caller is known, and if nothing is traced. */
  span: Span | undefined;
  /** For the page about a problem. Undefined unless the handler has set it. */
  wayBack: WayBack | undefined;
  /** The problem that the request ended in. */
  problem: ProblemSlug | undefined;
  /** Its code as the caller sees it, which may be WorkOS's. */
  code: string | undefined;
  /** Names of fields that were left out of the request. */
  ignored: readonly string[];
  /** The cause of the problem, for the log only. */
  cause: unknown;
}

/** The `route` of requests to a path that nothing has. */
export const UNMATCHED = '(unmatched)';

const REQUEST_ID = /^[A-Za-z0-9._-]{1,128}$/;

/** The context is a property of the response: a WeakMap costs three times as much, plus garbage collection. */
const CONTEXT = Symbol('request context');

type Opened = ServerResponse & { [CONTEXT]?: RequestContext };

/** Opens the context of a request. The caller's `X-Request-ID` is kept if well-formed. */
export function openContext(req: IncomingMessage, res: ServerResponse): RequestContext {
  const given = req.headers['x-request-id'];
  const requestId = typeof given === 'string' && REQUEST_ID.test(given) ? given : randomUUID();
  const context = newContext(requestId, req.method ?? 'GET', new Cancellation());
  (res as Opened)[CONTEXT] = context;
  return context;
}

/** @param method of HTTP, in capitals */
export const newContext = (
  requestId: string,
  method: string,
  cancellation: Cancellation | undefined,
): RequestContext => ({
  requestId,
  startedAt: performance.now(),
  method,
  route: UNMATCHED,
  operationId: undefined,
  clientId: undefined,
  isRequest: true,
  priority: 'ordinary',
  cancellation,
  tenantId: undefined,
  wayBack: undefined,
  problem: undefined,
  span: undefined,
  code: undefined,
  ignored: [],
  cause: undefined,
});

/** Notes the problem that a request ended in. */
export function noteProblem(context: RequestContext, { slug, code, cause }: Problem): void {
  context.problem = slug;
  context.code = code;
  context.cause = cause;
}

export function contextOf(res: ServerResponse): RequestContext {
  const context = (res as Opened)[CONTEXT];
  if (!context) throw new Error('The request was not opened.');
  return context;
}
