import { LRUCache } from 'lru-cache';
import { lruBound } from '../../core/lru-bound.ts';
import { UpstreamFailure } from '../../workos/failure.ts';
import { isLarge } from './large.ts';
import { smallerWhileTooLarge } from '../../workos/smaller-pages.ts';
import type { CallOptions, Upstream, UpstreamClass } from '../../workos/upstream.ts';
import type { ForwardedEndpoint } from './forwarded-endpoint.ts';
import { isObject } from '../../core/json.ts';

/** One call to WorkOS, with its ids. */
export interface UpstreamRequest {
  readonly class: UpstreamClass;
  readonly method: ForwardedEndpoint['method'];
  readonly path: string;
  /** What WorkOS counts such calls by. Default: the class. */
  readonly operation?: string | undefined;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly idempotencyKey?: string | undefined;
  readonly limited?: string | undefined;
}

/** Which organization an object is of does not change. */
const REMEMBERED_MS = 60_000;
/** Long enough for a page of an application to ask the same thing ten times over. */
const COALESCED_MS = 500;

/** A query as it is written; what is absent is left out. */
export const toQueryStrings = (query: Readonly<Record<string, unknown>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(query)
      .filter(([, value]) => value !== undefined && value !== null)
      .map(([name, value]) => [name, String(value)]),
  );

export type RequestSender = ReturnType<typeof createRequestSender>;

/** Sends requests as they are, and remembers what may be remembered. Permission is not its business. */
export function createRequestSender(upstream: Upstream) {
  const sendAsIs = async (request: UpstreamRequest): Promise<unknown> => {
    const { method, path, query = {}, body = {}, idempotencyKey } = request;
    const options: CallOptions = {
      class: request.class,
      operation: request.operation,
      repeatable: method === 'get',
      limited: request.limited,
    };
    const post = idempotencyKey === undefined ? {} : { idempotencyKey };
    const answer = await upstream.call(options, async (workos) => {
      if (method === 'get') return workos.get<unknown>(path, { query });
      if (method === 'post') return workos.post<unknown>(path, body, post);
      if (method === 'put') return workos.put<unknown>(path, body);
      return workos.delete(path).then(() => undefined);
    });
    return answer?.data;
  };

  const send = (request: UpstreamRequest): Promise<unknown> => {
    const { method, query } = request;
    if (method !== 'get' || query?.limit === undefined) return sendAsIs(request);
    return smallerWhileTooLarge(Number(query.limit), (limit) =>
      sendAsIs({ ...request, query: { ...query, limit: String(limit) } }),
    );
  };

  // Pages of users are large, so they go as soon as they are old.
  const reads = new LRUCache<string, Promise<unknown>>({
    max: 100,
    ttl: COALESCED_MS,
    ttlAutopurge: true,
  });
  const organizations = new LRUCache<string, string>({ ...lruBound(50_000), ttl: REMEMBERED_MS });

  const sendOnce = (request: UpstreamRequest): Promise<unknown> => {
    const key = `${request.path}?${new URLSearchParams(request.query).toString()}`;
    const known = reads.get(key);
    if (known) return known;
    const read = send(request);
    reads.set(key, read);
    read.then(
      (answer) => isLarge(answer) && reads.delete(key),
      () => reads.delete(key),
    );
    return read;
  };

  return {
    send,

    /** As `send`, for what WorkOS allows few of: equal reads within a moment are one. */
    sendOnce,

    /** The organization that an object is of. Undefined: of none. @throws UpstreamFailure */
    async organizationOf(group: UpstreamClass, path: string): Promise<string | undefined> {
      const known = organizations.get(path);
      if (known !== undefined) return known;
      // Of directories' members WorkOS counts each directory apart, and so one may not hold back the others.
      const limited = group === 'directory_users' ? path : undefined;
      const found = await sendOnce({ class: group, method: 'get', path, limited });
      if (!isObject(found)) throw new UpstreamFailure('invalid-response', { reason: 'no object' });
      const { organization_id: id } = found;
      if (typeof id !== 'string') return undefined;
      organizations.set(path, id);
      return id;
    },
  };
}
