import type { NextFunction, Request, Response } from 'express';
import type { Logger } from 'pino';
import { describeCause } from '../core/describe-cause.ts';
import { createIgnoredLog } from './ignored-fields.ts';
import { openContext, type RequestContext } from './request-context.ts';
import type { RequestSpans } from './request-span.ts';

export type Observe = (context: RequestContext, status: number, seconds: number) => void;

/** Records the end of a request. */
export type RecordEnd = (context: RequestContext, status: number) => void;

/**
 * Counts each ended request and writes one log line for it. The line holds only fields of the context, so no
 * path, query, header or body can get into it.
 */
export function createRequestLog(logger: Logger, observe: Observe): RecordEnd {
  const logIgnored = createIgnoredLog(logger);
  return (context, status) => {
    const seconds = (performance.now() - context.startedAt) / 1_000;
    observe(context, status, seconds);
    logger[levelOf(status)](line(context, status, seconds), 'request');
    logIgnored(context);
  };
}

/** Opens the request's context, and records when the request ends. */
export const accessLog =
  (recordEnd: RecordEnd, spans: RequestSpans) =>
  (req: Request, res: Response, next: NextFunction): void => {
    const context = openContext(req, res);
    res.once('close', () => {
      if (!res.writableFinished) context.cancellation?.cancel();
      const status = res.writableFinished ? res.statusCode : 499;
      // The log line has the id of the trace, which a span may only get at its end.
      spans.end(context, status);
      recordEnd(context, status);
    });
    next();
  };

/** Status 499 means that the caller closed the connection before the reply. */
const levelOf = (status: number): 'info' | 'warn' | 'error' => {
  if (status < 500) return 'info';
  return status === 500 ? 'error' : 'warn';
};

function line(context: RequestContext, status: number, seconds: number) {
  const { requestId, method, route, operationId, via, clientId, tenantId, code, cause } = context;
  return {
    request_id: requestId,
    trace_id: context.span?.traceId,
    method,
    route,
    operation: operationId,
    via,
    status,
    duration_ms: Math.round(seconds * 10_000) / 10,
    client_id: clientId,
    tenant_id: tenantId,
    code,
    ...(cause !== undefined && { cause: describeCause(cause) }),
  };
}
