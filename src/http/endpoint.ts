import type { z } from 'zod';
import type { Priority } from '../core/caller.ts';
import type { ActingUser, Actor, Client, Tenant } from '../core/identity.ts';
import type { Language } from '../core/languages.ts';
import type { FieldError, ProblemSlug } from '../core/problem.ts';
import type { Access } from './access.ts';
import type { Answer } from './answer.ts';
import type { WayBack } from './way-back.ts';

/** One operation of the API, as data: read by the router and by the OpenAPI document. */
export interface Endpoint {
  readonly method: 'get' | 'post' | 'put' | 'patch' | 'delete';
  /** The path in OpenAPI form, e.g. `/v1/tenants/{tenant_id}`. */
  readonly path: `/${string}`;
  /** Methods that WorkOS has at this path and Gatehouse does not: they answer 501 instead of 405. */
  readonly notOffered?: readonly ('get' | 'post' | 'put' | 'patch' | 'delete')[];
  readonly summary: string;
  readonly description?: string;
  readonly access: Access;
  readonly params?: z.ZodObject;
  readonly query?: z.ZodObject;
  /** Query parameters that are lists. The values are joined by commas. */
  readonly lists?: readonly string[];
  /** Query parameters that are maps. The value is JSON. */
  readonly maps?: readonly string[];
  /** Other names of query parameters: alias → name. */
  readonly aliases?: Readonly<Record<string, string>>;
  /** Lists unreadable query parameters in `input.faults`. By default they are a 422. */
  readonly reportsFaults?: true;
  readonly body?: z.ZodObject;
  /** Format of the body. Default: `json`. With `bytes` it is JSON too, but the handler gets the raw bytes and parses them. */
  readonly bodyAs?: 'json' | 'form' | 'form-or-json' | 'bytes';
  /** A request without a body counts as one with an empty object. */
  readonly optionalBody?: true;
  /** Limit for `bytes`, where 64 KB are not enough. */
  readonly maxBodyBytes?: number;
  /** The reply has texts for people, in the language of `lang` or `Accept-Language`. Pages for browsers always have. */
  readonly hasTexts?: true;
  /** Default: `interactive` for browsers, otherwise `ordinary`. */
  readonly priority?: Priority;
  /**
   * Stops the operation when its caller closes the connection, or finishes it. Default: `stop` for a GET
   * that is not for browsers; everything else has effects, which must not be left half done.
   */
  readonly whenCallerLeaves?: 'stop' | 'finish';
  /** A POST without effects: a repetition with its `Idempotency-Key` runs again, and the answer is not stored. */
  readonly changesNothing?: true;
  /** Points that the request takes of its client's and its tenant's limit. Default: 1. A list takes them for each ten objects of `limit`. */
  readonly cost?: number;
  /** Request headers that the handler reads, for the OpenAPI document. */
  readonly headers?: z.ZodObject;
  /** With `oauth`, errors also have the members of RFC 6749, and its statuses. */
  readonly errors?: 'oauth';
  readonly reply:
    | {
        readonly status: 200 | 201;
        readonly body: z.core.$ZodType;
        /** A second success status with the same body, for a PUT that may create. */
        readonly orStatus?: 200 | 201;
        /** The body holds a secret that is sent once, so it is neither stored nor replayed. */
        readonly secret?: true;
      }
    | { readonly status: 204 }
    /** A page or a redirect, for a browser. Its problems are pages too. */
    | { readonly status: 'browser'; readonly answers: Readonly<Record<number, string>> }
    /** Bytes of another media type, prepared elsewhere. `answers` are in the OpenAPI document. */
    | {
        readonly status: 'document';
        readonly type: string;
        readonly answers?: Readonly<Record<number, string>>;
        /** Body of its answers from 400 on, where another protocol gives their form. */
        readonly refusal?: z.core.$ZodType;
      };
  /** Problems beyond those that follow from access, input and forwarding (`openapi/problems.ts`). */
  readonly problems: readonly ProblemSlug[];
  /** An example request that works in the development environment. */
  readonly example?: Readonly<Record<string, unknown>>;
}

/** The operations of a slice: operationId → endpoint. */
export type Contract = Readonly<Record<string, Endpoint>>;

type Parsed<S> = S extends z.core.$ZodType ? z.output<S> : undefined;
type Needs<E extends Endpoint, Key extends string, T> =
  E['access'] extends Record<Key, unknown> ? T : undefined;

/** Input of a handler: parsed values and the caller, never `req`. */
export interface Input<E extends Endpoint> {
  readonly params: Parsed<E['params']>;
  readonly query: Parsed<E['query']>;
  /** Query parameters that could not be read, with `reportsFaults`. */
  readonly faults: readonly FieldError[];
  readonly body: E['bodyAs'] extends 'bytes' ? Buffer : Parsed<E['body']>;
  readonly client: E['access'] extends 'public' ? undefined : Client;
  readonly user: Needs<E, 'actingUser', ActingUser>;
  /** The tenant that the request names. The client is allowed to use it. */
  readonly tenant: E['access'] extends { newTenant: true } ? undefined : Needs<E, 'tenant', Tenant>;
  readonly actor: Actor;
  /**
   * For a public operation that finds out its client itself: from here on the request uses that
   * client's shares, and its log line names the client. Not for a client that is merely named.
   */
  readonly identified: (client: Pick<Client, 'id'>) => void;
  /** Counts the request of such an operation against its client's limit. @throws Problem `too-many-requests` */
  readonly limited: (client: Pick<Client, 'id'>) => Promise<void>;
  /** Counts a request that names no tenant against the one that it turned out to be about. @throws Problem `too-many-requests` */
  readonly limitedTenant: (tenant: Pick<Tenant, 'id'>) => Promise<void>;
  /** For a public operation that finds out the tenant itself: the log line and the tenant's timeline name it. */
  readonly concerns: (tenant: Pick<Tenant, 'id'>) => void;
  /** For a browser: adds to what the page about a problem of this request tells and offers. */
  readonly wayBack: (way: WayBack) => void;
  /** Headers of the request. Operations for browsers read some that a contract cannot declare. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** The language to answer in. English for operations without texts for people. */
  readonly language: Language;
  /** The language that a browser's request asks for by `lang`, which the steps that follow keep. */
  readonly lang: Language | undefined;
  /** The browser's IP address, behind the proxies that `TRUST_PROXY` names. Empty for other operations. */
  readonly address: string;
}

/** Input of one operation of a contract: `InputOf<typeof portalContract, 'getPortalLaunch'>`. */
export type InputOf<C extends Contract, Op extends keyof C> = Input<C[Op] & Endpoint>;

/** Body that one operation of a contract replies with, before the reply schema is applied. */
export type ReplyOf<C extends Contract, Op extends keyof C> = C[Op]['reply'] extends {
  body: infer S extends z.core.$ZodType;
}
  ? z.input<S>
  : undefined;

type Output<E extends Endpoint> = E['reply'] extends { body: infer S extends z.core.$ZodType }
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
  /** Checks the headers of an operation before its body is read. @throws Problem */
  readonly admit?: ((headers: Input<Endpoint>['headers']) => void) | undefined;
  /** Checks what the request needs beyond its `access`. Runs again before a stored reply is replayed. @throws Problem */
  readonly authorize?: ((input: Input<Endpoint>) => void | Promise<void>) | undefined;
}

/** Pairs each operation of a contract with its handler; a missing or mistyped one does not compile. */
export function implement<C extends Contract>(
  contract: C,
  handlers: { readonly [Op in keyof C]: (input: Input<C[Op]>) => Promise<Output<C[Op]>> },
  authorizers: { readonly [Op in keyof C]?: (input: Input<C[Op]>) => void | Promise<void> } = {},
  admitters: { readonly [Op in keyof C]?: Route['admit'] } = {},
): Route[] {
  return Object.entries(contract).map(([operationId, endpoint]) => ({
    operationId,
    endpoint,
    // Sound: the router parses the input with this same endpoint's schemas.
    handle: handlers[operationId] as unknown as Route['handle'],
    authorize: authorizers[operationId],
    admit: admitters[operationId],
  }));
}

/** Native operations use problem details and `Idempotency-Key`; the others behave as WorkOS does. */
export const isNative = (endpoint: Endpoint): boolean => endpoint.path.startsWith('/v1/');

/**
 * True for WorkOS's own operations, which official SDKs call: they take requests in the forms of
 * `wire-forms/`, and their paths in any case.
 */
export const isOfWorkos = (endpoint: Endpoint): boolean =>
  !speaksProblemJson(endpoint) &&
  endpoint.reply.status !== 'document' &&
  (endpoint.reply.status !== 'browser' || endpoint.path === '/sso/authorize');

/** True if problems are sent as `application/problem+json` whatever `Accept` says. */
export const speaksProblemJson = (endpoint: Endpoint): boolean =>
  isNative(endpoint) || endpoint.path.startsWith('/webhooks/');
