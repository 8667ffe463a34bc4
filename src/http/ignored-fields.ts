import type { ServerResponse } from 'node:http';
import { LRUCache } from 'lru-cache';
import type { Logger } from 'pino';
import { contextOf, type RequestContext } from './request-context.ts';
import type { UnknownField } from './wire-forms/fields.ts';

const MAX_NAMES = 20;

/** A caller may have sent a secret in the place of a name, so only what looks like a name is shown. */
const shown = ({ path }: UnknownField): string =>
  /^[A-Za-z_][\w.-]{0,47}$/.test(path) ? path : '(unreadable name)';

/** Names in `Gatehouse-Ignored` the fields that were left out, so that none is lost without a word. */
export function reportIgnored(res: ServerResponse, fields: readonly UnknownField[]): void {
  if (fields.length === 0) return;
  const names = [...new Set(fields.map(shown))].slice(0, MAX_NAMES);
  contextOf(res).ignored = names;
  res.setHeader('gatehouse-ignored', names.join(', '));
}

/** Logs each name once per client and operation. */
export function createIgnoredLog(logger: Logger): (context: RequestContext) => void {
  const logged = new LRUCache<string, true>({ max: 10_000 });
  return ({ clientId, operationId, requestId, span, ignored }) => {
    const fields = ignored.filter((name) => {
      const key = `${clientId} ${operationId} ${name}`;
      return !logged.has(key) && logged.set(key, true);
    });
    if (fields.length > 0)
      logger.warn(
        {
          request_id: requestId,
          trace_id: span?.traceId,
          client_id: clientId,
          operation: operationId,
          fields,
        },
        'fields that the operation does not have were ignored',
      );
  };
}
