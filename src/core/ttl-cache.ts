import { LRUCache } from 'lru-cache';
import { lruBound } from './lru-bound.ts';

/** Shorter than the second within which a revocation must be seen by every replica. */
const TTL_MS = 750;

export interface TtlCache<V> {
  /** At most one load per key at a time; a failed one is not remembered. */
  get(key: string): Promise<V | undefined>;
  clear(): void;
}

export interface TtlCacheOptions<V> {
  readonly max: number;
  readonly load: (key: string) => Promise<V | undefined>;
  /** What may be remembered. Default: everything, absence too. */
  readonly keep?: (value: V | undefined) => boolean;
}

/** A small memory in front of a query: bounded in size, in age, and in loads under way. */
export function createTtlCache<V extends object>({
  max,
  load,
  keep = () => true,
}: TtlCacheOptions<V>): TtlCache<V> {
  const known = new LRUCache<string, { readonly value: V | undefined }>({
    ...lruBound(max),
    ttl: TTL_MS,
    // Reads the clock each time, instead of setting a timer that spares the next reading.
    ttlResolution: 0,
  });
  const loading = new Map<string, Promise<V | undefined>>();
  // A load begun before a clearing must not bring back what the clearing withdrew.
  let epoch = 0;

  const fetch = async (key: string): Promise<V | undefined> => {
    const began = epoch;
    try {
      const value = await load(key);
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
