import { Router, type Request, type RequestHandler, type Response } from 'express';
import { checkCancelled, runAs } from '../core/caller.ts';
import type { Actor, ActingUser, Client, Tenant } from '../core/identity.ts';
import { DEFAULT_LANGUAGE } from '../core/languages.ts';
import { Problem } from '../core/problem.ts';
import { refuseDuplicateHeaders } from './duplicate-headers.ts';
import {
  isNative,
  isOfWorkos,
  type Access,
  type Endpoint,
  type Input,
  type Route,
} from './endpoint.ts';
import type { BodyRoom } from './body-room.ts';
import { requireReady } from './gate.ts';
import { reportIgnored } from './ignored-fields.ts';
import { languageOf } from './language.ts';
import { notOffered } from './not-offered.ts';
import { costOf, type RateLimits } from './rate-limits.ts';
import { readInput } from './read-input.ts';
import { contextOf } from './request-context.ts';
import type { RequestSpans } from './request-span.ts';
import { reply } from './reply.ts';

export type Demand = Exclude<Access, 'public'>;
export type RequestHeaders = Request['headers'];

/** Decides who is calling and whether they may. The router calls the methods in this order. */
export interface Guard {
  /** Authenticates by headers alone, before the body is read: strangers cannot make us buffer or parse. */
  identify(
    headers: RequestHeaders,
    demand: Demand,
  ): Promise<{ client: Client; user: ActingUser | undefined }>;
  /** Checks permission once the tenant of the request is known. */
  authorize(
    demand: Demand,
    tenantId: string | undefined,
    actor: Actor & { readonly client: Client },
  ): Promise<Tenant | undefined>;
  /**
   * Checks permission again after WorkOS was called, against the current database.
   *
   * @returns the client as it is now
   */
  confirm(
    demand: Demand,
    tenantId: string | undefined,
    actor: Actor & { readonly client: Client },
  ): Promise<Client>;
}

/** Answers a repeated POST or PUT with the reply to the first one. */
export type Replay = (
  key: string,
  input: Input<Endpoint>,
  route: Route,
  run: () => Promise<unknown>,
) => Promise<unknown>;

export interface RouterDeps {
  readonly guard: Guard;
  readonly replay: Replay;
  readonly limits: RateLimits;
  readonly bodies: BodyRoom;
  /** False until the database may be used; operations are refused. */
  readonly isReady: () => boolean;
  readonly spans: RequestSpans;
}

/** Serves operations: identify, read, parse, authorize, handle, reply. */
export function serve(routes: readonly Route[], deps: RouterDeps): Router {
  const router = Router();
  const workos = mount(routes.filter(isWorkosRoute), deps, { anyCase: true });
  router.use((req, res, next) => {
    if (req.path.startsWith('/v1/')) next();
    else workos(req, res, next);
  });
  router.use(
    mount(
      routes.filter((route) => !isWorkosRoute(route)),
      deps,
      { anyCase: false },
    ),
  );
  return router;
}

const isWorkosRoute = ({ endpoint }: Route): boolean => isOfWorkos(endpoint);

/** @param anyCase the fixed parts of paths match in any case, and a slash may follow */
function mount(
  routes: readonly Route[],
  deps: RouterDeps,
  { anyCase }: { readonly anyCase: boolean },
): Router {
  const router = Router({ caseSensitive: !anyCase, strict: !anyCase });
  const fixed = new Map<string, RequestHandler>();
  // Most requests go to a path without parameters; a map finds those without trying a hundred routes.
  router.use((req, res, next) => {
    const path = anyCase ? req.path.toLowerCase() : req.path;
    return (fixed.get(`${req.method} ${path}`) ?? pass)(req, res, next);
  });
  for (const route of routes.filter(isFixed)) {
    const { method, path } = route.endpoint;
    const handler = operation(route, deps);
    fixed.set(`${method.toUpperCase()} ${path}`, handler);
    if (anyCase && !mayLackId(route, routes))
      fixed.set(`${method.toUpperCase()} ${path}/`, handler);
  }
  // A fixed path is no object's: `/api_keys/validations` has only its own methods, not those of `/api_keys/{id}`.
  refuseOtherMethods(router, routes.filter(isFixed));
  const templated = routes.filter((route) => !isFixed(route));
  for (const route of templated)
    router[route.endpoint.method](expressPath(route.endpoint.path), operation(route, deps));
  refuseOtherMethods(router, templated);
  return router;
}

const isFixed = ({ endpoint }: Route): boolean => !endpoint.path.includes('{');

function refuseOtherMethods(router: Router, routes: readonly Route[]): void {
  for (const { endpoint } of routes)
    for (const method of endpoint.notOffered ?? [])
      router[method](expressPath(endpoint.path), notOffered);
  for (const [path, ofPath] of Map.groupBy(routes, ({ endpoint }) => endpoint.path))
    router.all(
      expressPath(path),
      wrongMethod(ofPath.map(({ endpoint }) => endpoint.method.toUpperCase())),
    );
}

/** True if the path and a slash may also be that of one object whose id is empty. */
const mayLackId = ({ endpoint: { method, path } }: Route, routes: readonly Route[]): boolean =>
  routes.some(
    ({ endpoint: other }) =>
      other.method === method && other.path.replace(/\{\w+\}$/, '') === `${path}/`,
  );

const pass: RequestHandler = (_req, _res, next) => {
  next();
};

/** `/v1/tenants/{tenant_id}` → `/v1/tenants/:tenant_id` */
const expressPath = (path: string) => path.replaceAll(/\{(\w+)\}/g, ':$1');

const operation = (route: Route, deps: RouterDeps): RequestHandler =>
  async function run(req, res, next) {
    // Express routes HEAD to GET handlers, which would create a portal link that nobody receives.
    if (req.method === 'HEAD') {
      next();
      return;
    }
    const context = contextOf(res);
    context.route = route.endpoint.path;
    context.operationId = route.operationId;
    context.priority = priorityOf(route.endpoint);
    requireReady(deps);
    refuseDuplicateHeaders(req);
    const output = await runAs(context, async () => {
      const input = await inputOf(req, res, route, deps);
      checkCancelled();
      if (isFinished(route.endpoint)) context.cancellation = undefined;
      return handle(req, route, input, deps.replay);
    });
    reply(res, route.endpoint, output);
  };

const priorityOf = ({ priority, reply: { status } }: Endpoint) =>
  priority ?? (status === 'browser' ? 'interactive' : 'ordinary');

/** True if the operation, once begun, is finished even if its caller leaves. */
const isFinished = ({ method, reply, whenCallerLeaves }: Endpoint): boolean =>
  whenCallerLeaves === undefined
    ? method !== 'get' || reply.status === 'browser'
    : whenCallerLeaves === 'finish';

/** Reads the handler's input in an order that reveals least to callers without permission. */
async function inputOf(
  req: Request,
  res: Response,
  { endpoint, operationId, admit }: Route,
  { guard, limits, bodies, spans }: RouterDeps,
): Promise<Input<Endpoint>> {
  const { access } = endpoint;
  const context = contextOf(res);
  const caller = access === 'public' ? undefined : await guard.identify(req.headers, access);
  context.clientId = caller?.client.id;
  if (caller) spans.ofClient(context, req.headers);
  else spans.ofStranger(context, endpoint);
  let weighed = { priority: context.priority, cost: 1 };
  const beforeBody = async (query: unknown) => {
    weighed = { ...weighed, cost: costOf(endpoint, query) };
    if (caller) await limits.ofClient(caller.client.id, weighed);
    // Sound: headers that were sent twice are refused.
    admit?.(req.headers as Input<Endpoint>['headers']);
  };
  const { tenantId, unknown, ...read } = await readInput(req, endpoint, { beforeBody, bodies });
  reportIgnored(res, unknown);
  const actor: Actor = {
    client: caller?.client,
    user: caller?.user,
    requestId: context.requestId,
    operation: operationId,
  };
  const input = {
    ...read,
    client: caller?.client,
    user: caller?.user,
    actor,
    identified: ({ id }: Pick<Client, 'id'>) => {
      context.clientId = id;
      spans.ofClient(context, req.headers);
    },
    limited: async ({ id }: Pick<Client, 'id'>) => limits.ofClient(id, weighed),
    concerns: ({ id }: Pick<Tenant, 'id'>) => {
      context.tenantId = id;
    },
    limitedTenant: async ({ id }: Pick<Tenant, 'id'>) => {
      context.tenantId = id;
      if (tenantId === undefined) await limits.ofTenant(id, weighed);
    },
    headers: req.headers,
    ...(endpoint.reply.status === 'browser' || endpoint.hasTexts
      ? languageOf(req)
      : { language: DEFAULT_LANGUAGE, lang: undefined }),
    address: endpoint.reply.status === 'browser' ? (req.ip ?? '') : '',
  };
  if (access === 'public' || !caller) return { ...input, tenant: undefined } as Input<Endpoint>;
  context.tenantId = tenantId;
  const tenant = await guard.authorize(access, tenantId, { ...actor, client: caller.client });
  // Provisioning is the client's doing; the tenant is hardly there yet.
  if (tenantId !== undefined && !access.newTenant) await limits.ofTenant(tenantId, weighed);
  return { ...input, tenant } as Input<Endpoint>;
}

function handle(
  req: Request,
  route: Route,
  input: Input<Endpoint>,
  replay: Replay,
): Promise<unknown> {
  const key = req.headers['idempotency-key'];
  const repeatable = isNative(route.endpoint) && ['post', 'put'].includes(route.endpoint.method);
  if (typeof key !== 'string' || !repeatable) return route.handle(input);
  return replay(key, input, route, () => route.handle(input));
}

const wrongMethod =
  (methods: readonly string[]): RequestHandler =>
  (req) => {
    if (methods.includes(req.method))
      throw new Problem('not-found', 'The path ends in a slash: the id of an object is missing.');
    throw new Problem('method-not-allowed', `This resource has ${methods.join(' and ')} only.`, {
      allow: methods,
    });
  };
