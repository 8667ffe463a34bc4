import type { NextFunction, Request, Response } from 'express';
import type { Logger } from 'pino';
import { openContext, type RequestContext } from './request-context.ts';

export type Observe = (context: RequestContext, status: number, seconds: number) => void;

/**
 * Opens the request's context, and once it is answered writes its one log line. The line is made of
 * what the context holds: no path, query, header or body can get into it.
 */
export const accessLog =
  (logger: Logger, observe: Observe) =>
  (req: Request, res: Response, next: NextFunction): void => {
    const context = openContext(req, res);
    res.once('close', () => {
      const seconds = (performance.now() - context.startedAt) / 1_000;
      const status = res.writableFinished ? res.statusCode : 499;
      observe(context, status, seconds);
      logger[levelOf(status)](line(context, status, seconds), 'request');
    });
    next();
  };

/** 499: the caller went away before the answer. */
const levelOf = (status: number): 'info' | 'warn' | 'error' => {
  if (status < 500) return 'info';
  return status === 500 ? 'error' : 'warn';
};

function line(
  { requestId, method, route, operationId, clientId, tenantId, code, cause }: RequestContext,
  status: number,
  seconds: number,
) {
  return {
    request_id: requestId,
    method,
    route,
    operation: operationId,
    status,
    duration_ms: Math.round(seconds * 10_000) / 10,
    client_id: clientId,
    tenant_id: tenantId,
    code,
    ...(cause !== undefined && { cause: describeCause(cause) }),
  };
}

/** Errors of ours whose messages hold nothing of what was given. */
const OWN_ERRORS = new Set<unknown>(['UpstreamFailure', 'KeysUnavailable', 'CredentialRefused']);

/**
 * What an operator may know of an error: names and codes along the chain of causes, and where in
 * our own code it arose. Messages only of errors of ours; the others' may quote what they were given.
 */
export function describeCause(error: unknown): string {
  const parts: string[] = [];
  for (let at = error, depth = 0; typeof at === 'object' && at !== null && depth < 4; depth += 1) {
    const { name, code, constraint, message, cause } = at as Record<string, unknown>;
    const own = OWN_ERRORS.has(name);
    parts.push(
      [name, code, constraint, own ? message : undefined]
        .filter((part) => typeof part === 'string')
        .join(' '),
    );
    at = cause;
  }
  return [parts.join(' < '), originOf(error)].filter(Boolean).join(' ').slice(0, 500);
}

const originOf = (error: unknown): string | undefined => {
  const stack = (error as { stack?: unknown } | null | undefined)?.stack;
  const frame =
    typeof stack === 'string'
      ? /at (?:async )?[^\n]*?((?:src|dist)\/[\w./-]+:\d+)/.exec(stack)
      : null;
  return frame ? `at ${frame[1] ?? ''}` : undefined;
};
