import { LRUCache } from 'lru-cache';
import { currentCaller } from '../../core/caller.ts';
import { lruBound } from '../../core/lru-bound.ts';
import { joinOrStart, type SharedWork } from '../../core/shared-work.ts';
import { undefinedIfNotFound, UpstreamFailure } from '../../workos/failure.ts';
import { isLarge } from './large.ts';
import { requireObjectAt } from './same-object.ts';
import { smallerWhileTooLarge } from '../../workos/smaller-pages.ts';
import type { CallOptions, UpstreamClass } from '../../workos/call-options.ts';
import type { Upstream } from '../../workos/upstream.ts';
import type { ForwardedEndpoint } from './forwarded-endpoint.ts';
import { isObject } from '../../core/json.ts';

/** One call to WorkOS, with WorkOS's ids. */
export interface UpstreamRequest {
  readonly class: UpstreamClass;
  readonly method: ForwardedEndpoint['method'];
  readonly path: string;
  /** Rate limit bucket, see `CallOptions`. Default: the class. */
  readonly operation?: string | undefined;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly idempotencyKey?: string | undefined;
  readonly limited?: string | undefined;
  /** The reply to a DELETE is read; the SDK itself drops it. */
  readonly readsReply?: boolean;
}

/** How long the organization of an object is cached; it never changes. */
const REMEMBERED_MS = 60_000;
/** How long equal reads share a reply, e.g. those of one page of an application. */
const COALESCED_MS = 500;

/** Query parameters as strings, without null and undefined. */
export const toQueryStrings = (query: Readonly<Record<string, unknown>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(query)
      .filter(([, value]) => value !== undefined && value !== null)
      .map(([name, value]) => [name, String(value)]),
  );

export type RequestSender = ReturnType<typeof createRequestSender>;

/** Sends requests unchanged and shares equal reads. The caller has checked permission. */
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
      if (method === 'patch') return workos.patch<unknown>(path, body);
      if (!request.readsReply) return workos.delete(path).then(() => undefined);
      const reply = await workos.client.delete(path, {});
      return { data: (await reply.toJSON()) as unknown };
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

  // Pages of users are large, so they are purged as soon as they expire.
  const reads = new LRUCache<string, SharedWork<unknown>>({
    max: 100,
    ttl: COALESCED_MS,
    ttlAutopurge: true,
  });
  const organizations = new LRUCache<string, string>({ ...lruBound(50_000), ttl: REMEMBERED_MS });
  const asked = new Map<string, SharedWork<unknown>>();

  const sendOnce = (request: UpstreamRequest): Promise<unknown> => {
    const key = `${request.path}?${new URLSearchParams(request.query).toString()}`;
    return joinOrStart(reads, key, {
      caller: currentCaller(),
      work: () => send(request),
      keep: (answer) => !isLarge(answer),
    });
  };

  return {
    send,

    /** Sends like `send`, but equal reads within half a second share one call. */
    sendOnce,

    /** True if WorkOS has this organization. @throws UpstreamFailure */
    async hasOrganization(organizationId: string): Promise<boolean> {
      const path = `/organizations/${encodeURIComponent(organizationId)}`;
      const found = await sendOnce({ class: 'organizations', method: 'get', path }).catch(
        undefinedIfNotFound,
      );
      return found !== undefined;
    },

    /** Returns the organization of an object if WorkOS has named it within the last minute. */
    knownOrganizationOf: (path: string): string | undefined => organizations.get(path),

    /** Asks WorkOS for the organization of an object. Null if it has none. @throws UpstreamFailure */
    async organizationOf(group: UpstreamClass, path: string): Promise<string | null> {
      // WorkOS limits reads of users and groups per directory, so one directory must not block the others.
      const limited = group === 'directory_users' ? path : undefined;
      const found = await joinOrStart(asked, path, {
        caller: currentCaller(),
        work: () => send({ class: group, method: 'get', path, limited }),
      });
      if (!isObject(found))
        throw new UpstreamFailure('invalid-response', { reason: 'not an object' });
      requireObjectAt(path, found);
      const { organization_id: id } = found;
      if (typeof id !== 'string') return null;
      organizations.set(path, id);
      return id;
    },
  };
}
