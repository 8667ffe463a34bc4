import { currentCaller } from '../core/caller.ts';
import { Cancelled } from '../core/cancellation.ts';
import type { Actor } from '../core/identity.ts';
import { PROBLEMS, type Problem } from '../core/problem.ts';
import { currentSpan, inSpan } from '../core/tracing.ts';
import type { RecordEnd } from './access-log.ts';
import type { Endpoint, Input, Route } from './endpoint.ts';
import { toProblem, type Translator } from './problem-details.ts';
import { readValues, type Values } from './read-input.ts';
import { jsonReply, type JsonReply } from './reply.ts';
import { newContext, noteProblem, type RequestContext } from './request-context.ts';
import { NO_SPANS } from './request-span.ts';
import { beginOperation, NO_BROWSER, runOperation, type OperationDeps } from './run-operation.ts';

/** An operation that a request to another operation asks for. */
export interface NestedOperation {
  readonly route: Route;
  /** The request that asks for it: the same credentials count. */
  readonly request: Pick<Input<Endpoint>, 'headers' | 'actor'>;
  readonly via: NonNullable<Actor['via']>;
  readonly idempotencyKey: string | undefined;
  /** Returns the values, once the client has the scope. @throws Problem */
  readonly values: () => Values;
}

/** Returns the JSON that the operation replies with. @throws Problem */
export type RunNested = (operation: NestedOperation) => Promise<unknown>;

export interface NestedDeps extends Omit<OperationDeps, 'spans'> {
  readonly translators: readonly Translator[];
  readonly recordEnd: RecordEnd;
}

/**
 * Runs an operation as the router does for a request of its own: the same authentication, permission, limits,
 * idempotency and reply schema, a line in the log, a metric and a span.
 */
export const createNestedRunner =
  (deps: NestedDeps): RunNested =>
  (operation) => {
    const { operationId } = operation.route;
    const start = {
      name: operationId,
      kind: 'internal',
      facts: { operation: operationId },
    } as const;
    return inSpan(
      () => start,
      async (span) => {
        const context = contextFor(operation);
        try {
          const { status, body } = await run(operation, context, deps);
          deps.recordEnd(context, status);
          return body;
        } catch (error) {
          throw fail(error, context, deps);
        } finally {
          const { tenantId, problem } = context;
          span?.set({ tenantId, problem });
        }
      },
    );
  };

function contextFor({ route, request, via }: NestedOperation): RequestContext {
  const method = route.endpoint.method.toUpperCase();
  const { cancellation } = currentCaller();
  const context = { ...newContext(request.actor.requestId, method, cancellation), via };
  context.span = currentSpan();
  beginOperation(context, route);
  return context;
}

async function run(
  { route, request, via, idempotencyKey, values }: NestedOperation,
  context: RequestContext,
  deps: NestedDeps,
) {
  const { endpoint } = route;
  const output = await runOperation(
    route,
    {
      context,
      headers: request.headers,
      idempotencyKey,
      browser: NO_BROWSER,
      via,
      read: (beforeBody) => readValues(values(), endpoint, beforeBody),
    },
    { ...deps, spans: NO_SPANS },
  );
  // Sound: only operations with a JSON reply are run inside others.
  return jsonReply(endpoint.reply as JsonReply, output);
}

function fail(error: unknown, context: RequestContext, deps: NestedDeps): Problem | Cancelled {
  if (error instanceof Cancelled) {
    deps.recordEnd(context, 499);
    return error;
  }
  const problem = toProblem(error, deps.translators);
  noteProblem(context, problem);
  deps.recordEnd(context, PROBLEMS[problem.slug].status);
  return problem;
}
