/** Reads from WorkOS what is set up, and keeps it in the mirror. */
import { LRUCache } from 'lru-cache';
import { lruBound } from '../core/lru-bound.ts';
import { withTimeout } from '../core/with-timeout.ts';
import { failureOf, isNotFound } from '../workos/failure.ts';
import type { Upstream } from '../workos/upstream.ts';
import type { Fact } from './mirror-rows.ts';
import { PARTS, type PartName } from './parts.ts';
import { FRESH_SECONDS, type SetupStore } from './store.ts';

export interface ReaderDeps {
  readonly upstream: Upstream;
  readonly store: Pick<SetupStore, 'keep' | 'noteRead'>;
}

/** `live`: all was read. `failed`: not in time, or a moment ago already. `missing`: WorkOS does not know the organization. */
export type ReadOutcome = 'live' | 'failed' | 'missing';

/** How long somebody waits; a read that takes longer still reaches the mirror. */
const WAIT_MS = 2_000;

/** A key that may not see it, or an environment without it, must not hide all the rest. */
const OPTIONAL: PartName = 'audit_log_configuration';

export type SetupReader = ReturnType<typeof createSetupReader>;

export function createSetupReader({ upstream, store }: ReaderDeps) {
  const parts = new Map<string, Promise<void>>();
  const wholes = new Map<string, Promise<ReadOutcome>>();
  const tried = new LRUCache<string, true>({ ...lruBound(10_000), ttl: FRESH_SECONDS * 1_000 });

  const part = (organizationId: string, name: PartName): Promise<void> =>
    once(parts, `${organizationId} ${name}`, async () => {
      const began = performance.now();
      const { kinds, read } = PARTS[name];
      const reading = read(upstream, organizationId);
      const facts = await (name === OPTIONAL ? reading.catch(noneIfRefused) : reading);
      if (facts === undefined) return;
      await store.keep(organizationId, { facts, kinds, ageSeconds: secondsSince(began) });
    });

  const readAll = async (organizationId: string): Promise<ReadOutcome> => {
    const began = performance.now();
    const names = Object.keys(PARTS) as PartName[];
    try {
      await Promise.all(names.map((name) => part(organizationId, name)));
      await store.noteRead(organizationId, secondsSince(began));
      return 'live';
    } catch (error) {
      return isNotFound(error) ? 'missing' : 'failed';
    }
  };

  return {
    /** Reads one part; equal reads under way are one. @throws UpstreamFailure @throws Problem `upstream-*` */
    part,

    /** Reads all; equal reads under way are one, and the next begins a few seconds later. */
    async whole(organizationId: string): Promise<ReadOutcome> {
      if (!wholes.has(organizationId) && tried.has(organizationId)) return 'failed';
      tried.set(organizationId, true);
      const reading = once(wholes, organizationId, () => readAll(organizationId));
      return (await withTimeout(reading, WAIT_MS)) ?? 'failed';
    },
  };
}

/** What is under way for this key, or else begins now. */
function once<T>(
  underWay: Map<string, Promise<T>>,
  key: string,
  begin: () => Promise<T>,
): Promise<T> {
  const present = underWay.get(key);
  if (present) return present;
  const begun = begin().finally(() => underWay.delete(key));
  underWay.set(key, begun);
  return begun;
}

/** Undefined: nothing was learned, and what is known stays. */
function noneIfRefused(error: unknown): readonly Fact[] | undefined {
  const { status = 0 } = failureOf(error)?.facts ?? {};
  return status >= 400 && status < 500 && status !== 429 ? [] : undefined;
}

const secondsSince = (began: number): number => (performance.now() - began) / 1_000;
