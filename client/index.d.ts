import type { Client } from 'openapi-fetch';
import type { components, paths } from './schema.js';

/** A request or answer by its name in openapi.yaml, such as `Schemas['Tenant']`. */
export type Schemas = components['schemas'];

/**
 * What `error` is. Decide by `code`; `errors` names refused inputs, and `instance` is to be quoted in a report.
 * What Gatehouse did not answer has the code `unexpected_response`.
 */
export type Problem = Schemas['Problem'];

/** A method for each HTTP method. It resolves to `data` or `error`, and rejects if there is no answer. */
export type GatehouseClient = Client<paths>;

type Credential<T> = T | (() => T | Promise<T>);

export interface GatehouseClientOptions {
  /** The origin of Gatehouse. */
  readonly baseUrl: string;
  /** The key of your service; a call without one rejects. A function is asked for each request: a workload token changes. */
  readonly apiKey: Credential<string | undefined>;
  /**
   * The token of the acting user. Give a function unless the client serves one user only: it is
   * asked for each request.
   */
  readonly userToken?: Credential<string | undefined>;
  /** Instead of the global one. */
  readonly fetch?: typeof globalThis.fetch;
  /** For a call with its repetitions, in milliseconds: 15,000 unless given. */
  readonly timeoutMs?: number;
  /**
   * How often a 429 or 503 with `Retry-After`, or a request whose connection broke, is repeated: 2 unless given.
   * Only GET, PUT and DELETE are, and POST with an `Idempotency-Key`.
   */
  readonly retries?: number;
}

/** Makes a client for the operations that no WorkOS SDK has. */
export declare function createGatehouseClient(options: GatehouseClientOptions): GatehouseClient;
