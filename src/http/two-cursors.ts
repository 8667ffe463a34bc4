import { isObject, type JsonObject } from '../core/json.ts';
import { isOfWorkos, type Endpoint, type Input } from './endpoint.ts';

interface OneCursor {
  /** The input without `before` if it has `after` too. */
  readonly input: Input<Endpoint>;
  /** Ends a page at the object of `before`. */
  readonly endOf: (page: unknown) => unknown;
}

/**
 * Iterators of SDKs for Go, PHP and Python that begin with `before` send it again beside the `after` of
 * the page that they have read. They get what stands between the two, because an error in the middle of
 * an iteration helps nobody. WorkOS is asked with `after` alone: the SDK for .NET says that it refuses both.
 */
export function withOneCursor(endpoint: Endpoint, input: Input<Endpoint>): OneCursor {
  const { before, ...query } = (input.query ?? {}) as Readonly<Record<string, unknown>>;
  if (!isOfWorkos(endpoint) || before === undefined || query.after === undefined)
    return { input, endOf: (page) => page };
  return {
    input: { ...input, query },
    endOf: (page) => endedAt(page, before, query.order === 'normal'),
  };
}

/** @param isNormal the order `normal` has its newest object first, and its pages lead towards it */
function endedAt(page: unknown, end: unknown, isNormal: boolean): unknown {
  if (!isPage(page)) return page;
  const { data, list_metadata } = page;
  const at = data.findIndex((one) => isObject(one) && one.id === end);
  if (at < 0) return page;
  const rest = isNormal ? data.slice(at + 1) : data.slice(0, at);
  const before = rest.length > 0 ? list_metadata.before : null;
  return { ...page, data: rest, list_metadata: { ...list_metadata, before, after: null } };
}

interface Page extends JsonObject {
  readonly data: readonly unknown[];
  readonly list_metadata: JsonObject;
}

const isPage = (reply: unknown): reply is Page =>
  isObject(reply) && Array.isArray(reply.data) && isObject(reply.list_metadata);
