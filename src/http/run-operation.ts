import { checkCancelled, runAs } from '../core/caller.ts';
import type { ActingUser, Actor, Client, Tenant } from '../core/identity.ts';
import { DEFAULT_LANGUAGE } from '../core/languages.ts';
import type { Access } from './access.ts';
import { isNative, type Endpoint, type Input, type Route } from './endpoint.ts';
import type { Guard, RequestHeaders } from './guard.ts';
import { costOf, type RateLimits, type RequestWeight } from './rate-limits.ts';
import type { ReadInput } from './read-input.ts';
import type { RequestContext } from './request-context.ts';
import type { RequestSpans } from './request-span.ts';
import { withOneCursor } from './two-cursors.ts';
import type { WayBack } from './way-back.ts';

/** Answers a repeated POST or PUT with the reply to the first one. */
export type Replay = (
  key: string,
  input: Input<Endpoint>,
  route: Route,
  run: () => Promise<unknown>,
) => Promise<unknown>;

export interface OperationDeps {
  readonly guard: Guard;
  readonly replay: Replay;
  readonly limits: RateLimits;
  readonly spans: RequestSpans;
}

/** A request for an operation, however it arrived. */
export interface Asked {
  readonly context: RequestContext;
  readonly headers: RequestHeaders;
  readonly idempotencyKey: unknown;
  readonly browser: Pick<Input<Endpoint>, 'language' | 'lang' | 'address'>;
  readonly via?: Actor['via'];
  /**
   * Reads the values of the request.
   *
   * @param beforeBody decides by the query if the body is read at all
   * @throws Problem
   */
  read(beforeBody: (query: unknown) => Promise<void>): Promise<Omit<ReadInput, 'unknown'>>;
}

/** For operations that are not for browsers. */
export const NO_BROWSER: Asked['browser'] = {
  language: DEFAULT_LANGUAGE,
  lang: undefined,
  address: '',
};

/** Notes in the context of a request which operation it asks for. */
export function beginOperation(context: RequestContext, { endpoint, operationId }: Route): void {
  context.route = endpoint.path;
  context.operationId = operationId;
  context.priority = priorityOf(endpoint);
}

/** Identifies the caller, reads, parses, authorizes and handles. Returns the handler's output. @throws Problem */
export const runOperation = (route: Route, asked: Asked, deps: OperationDeps): Promise<unknown> =>
  runAs(asked.context, async () => {
    const { input, endOf } = withOneCursor(route.endpoint, await inputOf(route, asked, deps));
    checkCancelled();
    if (isFinished(route.endpoint)) asked.context.cancellation = undefined;
    return endOf(await handle(route, input, asked.idempotencyKey, deps.replay));
  });

const priorityOf = ({ priority, reply: { status } }: Endpoint) =>
  priority ?? (status === 'browser' ? 'interactive' : 'ordinary');

/** True if the operation, once begun, is finished even if its caller leaves. */
const isFinished = ({ method, reply, whenCallerLeaves }: Endpoint): boolean =>
  whenCallerLeaves === undefined
    ? method !== 'get' || reply.status === 'browser'
    : whenCallerLeaves === 'finish';

/** Reads the handler's input in an order that reveals least to callers without permission. */
async function inputOf(
  { endpoint, operationId, admit }: Route,
  { context, headers, browser, via, read: readValues }: Asked,
  { guard, limits, spans }: OperationDeps,
): Promise<Input<Endpoint>> {
  const { access } = endpoint;
  const caller = await identify(access, headers, guard);
  context.clientId = caller?.client.id;
  if (caller) spans.ofClient(context, headers);
  else spans.ofStranger(context, endpoint);
  let weight: RequestWeight = { priority: context.priority, cost: 1 };
  const { tenantId, ...read } = await readValues(async (query) => {
    weight = { ...weight, cost: costOf(endpoint, query) };
    if (caller) await limits.ofClient(caller.client.id, weight);
    // The cast is safe: a header that was sent twice has been refused.
    admit?.(headers as Input<Endpoint>['headers']);
  });
  const actor: Actor = {
    client: caller?.client,
    user: caller?.user,
    requestId: context.requestId,
    operation: operationId,
    ...(via && { via }),
  };
  const callbacks = callbacksOf(context, headers, { limits, spans, weight, tenantId });
  const people = { client: caller?.client, user: caller?.user, actor };
  const input = { ...read, ...people, ...callbacks, headers, ...browser };
  if (typeof access === 'string' || !caller)
    return { ...input, tenant: undefined } as Input<Endpoint>;
  context.tenantId = tenantId;
  const tenant = await guard.authorize(access, tenantId, { ...actor, client: caller.client });
  // A tenant that is only being created has no limit of its own yet; its client's limit counts.
  if (tenantId !== undefined && !access.newTenant) await limits.ofTenant(tenantId, weight);
  return { ...input, tenant } as Input<Endpoint>;
}

interface Limiting extends Pick<OperationDeps, 'limits' | 'spans'> {
  readonly weight: RequestWeight;
  /** The tenant that the request names; its limit has been applied. */
  readonly tenantId: string | undefined;
}

/** Callbacks for handlers that find out client, tenant or way back themselves. */
const callbacksOf = (
  context: RequestContext,
  headers: RequestHeaders,
  { limits, spans, weight, tenantId }: Limiting,
) => ({
  identified: ({ id }: Pick<Client, 'id'>) => {
    context.clientId = id;
    spans.ofClient(context, headers);
  },
  limited: async ({ id }: Pick<Client, 'id'>) => limits.ofClient(id, weight),
  concerns: ({ id }: Pick<Tenant, 'id'>) => {
    context.tenantId = id;
  },
  limitedTenant: async ({ id }: Pick<Tenant, 'id'>) => {
    context.tenantId = id;
    if (tenantId === undefined) await limits.ofTenant(id, weight);
  },
  wayBack: (way: WayBack) => {
    context.wayBack = { ...context.wayBack, ...way };
  },
});

async function identify(
  access: Access,
  headers: RequestHeaders,
  guard: Guard,
): Promise<{ client: Client; user: ActingUser | undefined } | undefined> {
  if (access === 'public') return undefined;
  if (access === 'client') return { client: await guard.identifyClient(headers), user: undefined };
  return guard.identify(headers, access);
}

function handle(
  route: Route,
  input: Input<Endpoint>,
  key: unknown,
  replay: Replay,
): Promise<unknown> {
  const repeatable = isNative(route.endpoint) && ['post', 'put'].includes(route.endpoint.method);
  if (typeof key !== 'string' || !repeatable) return route.handle(input);
  return replay(key, input, route, () => route.handle(input));
}
