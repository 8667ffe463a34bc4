import type { IncomingHttpHeaders } from 'node:http';
import type { Tracer } from '../core/span.ts';
import type { Endpoint } from './endpoint.ts';
import type { RequestContext } from './request-context.ts';

/** Starts the spans of requests. */
export interface RequestSpans {
  /** For a client that has authenticated: its trace is continued. Others may not choose the trace they are in. */
  ofClient(context: RequestContext, headers: IncomingHttpHeaders): void;
  /** For a public operation that will not find out its client itself. */
  ofStranger(context: RequestContext, endpoint: Endpoint): void;
  /** Ends the span of a request; one that was refused before its span began gets a short one. */
  end(context: RequestContext, status: number): void;
}

/** For requests that are not traced, or whose span another module ends. */
export const NO_SPANS: RequestSpans = {
  ofClient: () => undefined,
  ofStranger: () => undefined,
  end: () => undefined,
};

export function createRequestSpans(tracer: Tracer | undefined): RequestSpans {
  if (!tracer) return NO_SPANS;
  const start = (context: RequestContext, traceparent?: string) => {
    const { method, operationId: operation, requestId, startedAt } = context;
    const route = operation === undefined ? undefined : context.route;
    return (context.span ??= tracer.start({
      name: route === undefined ? method : `${method} ${route}`,
      kind: 'server',
      facts: { method, route, operation, requestId },
      startedAt,
      traceparent,
    }));
  };
  return {
    ofClient(context, { traceparent }) {
      // Node joins a header that was sent twice, so that it does not parse.
      start(context, typeof traceparent === 'string' ? traceparent : undefined);
    },
    ofStranger(context, endpoint) {
      if (endpoint.errors !== 'oauth') start(context);
    },
    end(context, status) {
      const { clientId, tenantId, problem } = context;
      const span = start(context);
      const error = status >= 500 ? (problem ?? String(status)) : undefined;
      span.set({ status, clientId, tenantId, problem, error });
      span.end();
    },
  };
}
