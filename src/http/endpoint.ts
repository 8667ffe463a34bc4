import type { z } from 'zod';
import type { ActingUser, Actor, Client, Scope, Tenant } from '../core/identity.ts';
import type { ProblemSlug } from '../core/problem.ts';
import type { Answer } from './answer.ts';

/**
 * What an operation demands of its caller. Every operation says so; there is no default.
 * `public` is for what a browser or a stranger may reach: its service checks whatever it must.
 */
export type Access =
  | 'public'
  | {
      readonly scope: Scope;
      /** Where the request names its tenant. Absent: the operation has none, and filters its list. */
      readonly tenant?: `${'params' | 'query' | 'body'}.${
        'tenant_id' | 'organization' | 'organization_id' | 'id' | 'external_id'}`;
      /** The tenant need not exist yet (it is what the operation makes). */
      readonly newTenant?: true;
      /** The request may leave its tenant out if the client may use every tenant. */
      readonly orEveryTenant?: true;
      /** What it is about is the whole environment's: for clients that may use every tenant. */
      readonly everyTenant?: true;
      /** The tenant is known only once the object is: the service asks for permission again. */
      readonly tenantOf?: 'object';
      readonly actingUser?: 'it-admin';
    };

/** One operation of the API, as data: read by the router and by the OpenAPI document. */
export interface Endpoint {
  readonly method: 'get' | 'post' | 'put' | 'patch' | 'delete';
  /** In OpenAPI form, e.g. `/v1/tenants/{tenant_id}`. */
  readonly path: `/${string}`;
  /** Methods that WorkOS has at this path and the gateway has not: 501, no 405. */
  readonly notOffered?: readonly ('get' | 'post' | 'put' | 'patch' | 'delete')[];
  readonly summary: string;
  readonly description?: string;
  readonly access: Access;
  readonly params?: z.ZodObject;
  readonly query?: z.ZodObject;
  /** Query parameters that SDKs send once for each value: they are joined by commas. */
  readonly repeatable?: readonly string[];
  /** Of a query parameter given twice no value is taken, and the handler tells the caller. Default: refused at once. */
  readonly tellsDoubled?: true;
  readonly body?: z.ZodObject;
  /** How the body is written. Default: `json`. `bytes`: as JSON too, but the handler gets it as it came, and parses it. */
  readonly bodyAs?: 'json' | 'form' | 'form-or-json' | 'bytes';
  /** Of `bytes`, where 64 KB are not enough. */
  readonly maxBodyBytes?: number;
  /** Request headers that the handler reads, for the document. */
  readonly headers?: z.ZodObject;
  /** `oauth`: errors also have RFC 6749's members, and its statuses. */
  readonly errors?: 'oauth';
  readonly reply:
    | {
        readonly status: 200 | 201;
        readonly body: z.ZodType;
        /** A second success status with the same body, for a PUT that may create. */
        readonly orStatus?: 200 | 201;
        /** The body holds a secret that is answered once: no store, no replay. */
        readonly secret?: true;
      }
    | { readonly status: 204 }
    /** A page or a redirect, for a person. Its problems are pages too. */
    | { readonly status: 'browser'; readonly answers: Readonly<Record<number, string>> }
    /** Bytes of another media type, prepared elsewhere. */
    | { readonly status: 'document'; readonly type: string };
  readonly problems: readonly ProblemSlug[];
  /** An example request that works in the development environment. */
  readonly example?: Readonly<Record<string, unknown>>;
}

/** The operations of a slice: operationId → endpoint. */
export type Contract = Readonly<Record<string, Endpoint>>;

type Parsed<S> = S extends z.ZodType ? z.output<S> : undefined;
type Needs<E extends Endpoint, Key extends string, T> =
  E['access'] extends Record<Key, unknown> ? T : undefined;

/** What a handler receives: parsed values and who is asking, never `req`. */
export interface Input<E extends Endpoint> {
  readonly params: Parsed<E['params']>;
  readonly query: Parsed<E['query']>;
  /** Names of query parameters given twice, for an operation that tells its caller so itself. */
  readonly doubled: readonly string[];
  readonly body: E['bodyAs'] extends 'bytes' ? Buffer : Parsed<E['body']>;
  readonly client: E['access'] extends 'public' ? undefined : Client;
  readonly user: Needs<E, 'actingUser', ActingUser>;
  /** The tenant that the request names, allowed to the client. */
  readonly tenant: E['access'] extends { newTenant: true } ? undefined : Needs<E, 'tenant', Tenant>;
  readonly actor: Actor;
  /** For an operation that authenticates its client by itself: from then on the access log names it. */
  readonly identified: (client: Client) => void;
  /** For the browser's doors, which read more of the request than a contract can say. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** Of the browser, behind the proxies that `TRUST_PROXY` names. Empty for other operations. */
  readonly address: string;
}

/** Input of one operation of a contract: `InputOf<typeof portalContract, 'getPortalLaunch'>`. */
export type InputOf<C extends Contract, Op extends keyof C> = Input<C[Op] & Endpoint>;

/** Body that one operation of a contract replies with, before the reply schema is applied. */
export type ReplyOf<C extends Contract, Op extends keyof C> = C[Op]['reply'] extends {
  body: infer S extends z.ZodType;
}
  ? z.input<S>
  : undefined;

type Output<E extends Endpoint> = E['reply'] extends { body: infer S extends z.ZodType }
  ? E['reply'] extends { orStatus: number }
    ? { readonly status: number; readonly body: z.input<S> }
    : z.input<S>
  : E['reply'] extends { status: 204 }
    ? undefined
    : Answer;

export interface Route {
  readonly operationId: string;
  readonly endpoint: Endpoint;
  readonly handle: (input: Input<Endpoint>) => Promise<unknown>;
  /** What the request needs beyond its `access`, asked for again before a first answer is repeated. @throws Problem */
  readonly authorize?: ((input: Input<Endpoint>) => void | Promise<void>) | undefined;
}

/** Pairs each operation of a contract with its handler; a missing or mistyped one does not compile. */
export function implement<C extends Contract>(
  contract: C,
  handlers: { readonly [Op in keyof C]: (input: Input<C[Op]>) => Promise<Output<C[Op]>> },
  authorizers: { readonly [Op in keyof C]?: (input: Input<C[Op]>) => void | Promise<void> } = {},
): Route[] {
  return Object.entries(contract).map(([operationId, endpoint]) => ({
    operationId,
    endpoint,
    // Sound: the router parses the input with this same endpoint's schemas.
    handle: handlers[operationId] as unknown as Route['handle'],
    authorize: authorizers[operationId],
  }));
}

/** Native operations take problem details and Idempotency-Key; the others speak as WorkOS does. */
export const isNative = (endpoint: Endpoint): boolean => endpoint.path.startsWith('/v1/');

/** What answers `application/problem+json` without being asked. */
export const speaksProblemJson = (endpoint: Endpoint): boolean =>
  isNative(endpoint) || endpoint.path.startsWith('/webhooks/');
