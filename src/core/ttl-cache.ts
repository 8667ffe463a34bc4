import { LRUCache } from 'lru-cache';
import { runForAll } from './caller.ts';
import { lruBound } from './lru-bound.ts';

/** Every replica must see a revocation within one second. */
const TTL_MS = 750;

export interface TtlCache<V> {
  /** Concurrent calls for a key share one load. A failed load is not cached. */
  get(key: string): Promise<V | undefined>;
  clear(): void;
}

export interface TtlCacheOptions<V> {
  readonly max: number;
  readonly load: (key: string) => Promise<V | undefined>;
  /** Decides whether a loaded value is cached. Default: always, including undefined. */
  readonly keep?: (value: V | undefined) => boolean;
}

/** A cache in front of a query, bounded in size, age and concurrent loads. */
export function createTtlCache<V extends object>({
  max,
  load,
  keep = () => true,
}: TtlCacheOptions<V>): TtlCache<V> {
  const known = new LRUCache<string, { readonly value: V | undefined }>({
    ...lruBound(max),
    ttl: TTL_MS,
    // Read the clock on every access instead of caching it with a timer.
    ttlResolution: 0,
  });
  const loading = new Map<string, Promise<V | undefined>>();
  // A load that began before `clear()` must not store a value that is now stale.
  let epoch = 0;

  const fetch = async (key: string): Promise<V | undefined> => {
    const began = epoch;
    try {
      const value = await runForAll(() => load(key));
      if (began === epoch && keep(value)) known.set(key, { value });
      return value;
    } finally {
      if (began === epoch) loading.delete(key);
    }
  };

  return {
    get(key) {
      const found = known.get(key);
      if (found) return Promise.resolve(found.value);
      const pending = loading.get(key) ?? fetch(key);
      loading.set(key, pending);
      return pending;
    },
    clear() {
      epoch += 1;
      loading.clear();
      known.clear();
    },
  };
}
