/** Reads an organization's setup from WorkOS into the mirror. */
import { LRUCache } from 'lru-cache';
import { currentCaller, isCancelled } from '../../core/caller.ts';
import { lruBound } from '../../core/lru-bound.ts';
import { joinOrStart, type SharedWork } from '../../core/shared-work.ts';
import { withTimeout } from '../../core/with-timeout.ts';
import { failureOf, isNotFound } from '../../workos/failure.ts';
import type { Upstream } from '../../workos/upstream.ts';
import type { MirrorEntry } from './rows.ts';
import { PARTS, type PartName } from './parts.ts';
import { FRESH_SECONDS, type SetupStore } from './store.ts';

export interface ReaderDeps {
  readonly upstream: Upstream;
  readonly store: Pick<SetupStore, 'keep' | 'noteRead'>;
}

/** `live`: everything was read. `failed`: an error, a timeout, or tried a moment ago. `missing`: WorkOS does not know the organization. */
export type ReadOutcome = 'live' | 'failed' | 'missing';

/** How long a request waits. A read that takes longer still updates the mirror. */
const WAIT_MS = 2_000;

/** The key may lack access to it, or the environment the feature: the other parts are still read. */
const OPTIONAL: PartName = 'audit_log_configuration';

export type SetupReader = ReturnType<typeof createSetupReader>;

export function createSetupReader({ upstream, store }: ReaderDeps) {
  const parts = new Map<string, SharedWork<void>>();
  const wholes = new Map<string, SharedWork<ReadOutcome>>();
  const tried = new LRUCache<string, true>({ ...lruBound(10_000), ttl: FRESH_SECONDS * 1_000 });

  const part = (organizationId: string, name: PartName): Promise<void> =>
    once(parts, `${organizationId} ${name}`, async () => {
      const began = performance.now();
      const { kinds, read } = PARTS[name];
      const reading = read(upstream, organizationId);
      const entries = await (name === OPTIONAL ? reading.catch(noneIfRefused) : reading);
      if (entries === undefined) return;
      await store.keep(organizationId, { entries, kinds, ageSeconds: secondsSince(began) });
    });

  const readAll = async (organizationId: string): Promise<ReadOutcome> => {
    const began = performance.now();
    const names = Object.keys(PARTS) as PartName[];
    try {
      await Promise.all(names.map((name) => part(organizationId, name)));
      await store.noteRead(organizationId, secondsSince(began));
      return 'live';
    } catch (error) {
      if (isCancelled()) tried.delete(organizationId);
      return isNotFound(error) ? 'missing' : 'failed';
    }
  };

  return {
    /** Reads one part. Concurrent equal reads share one call. @throws UpstreamFailure @throws Problem `upstream-*` */
    part,

    /** Reads all parts, at most once every few seconds. Concurrent equal reads share one call. */
    async whole(organizationId: string): Promise<ReadOutcome> {
      if (!wholes.has(organizationId) && tried.has(organizationId)) return 'failed';
      tried.set(organizationId, true);
      const reading = once(wholes, organizationId, () => readAll(organizationId));
      return (await withTimeout(reading, WAIT_MS)) ?? 'failed';
    },
  };
}

/** Joins the running work of this key, or starts it. It takes no client's share, because all may need it. */
const once = <T>(
  underWay: Map<string, SharedWork<T>>,
  key: string,
  work: () => Promise<T>,
): Promise<T> => {
  const { priority } = currentCaller();
  return joinOrStart(underWay, key, { caller: { clientId: undefined, priority }, work });
};

/** Treats a refusal as an empty part; returns undefined for other errors, so the mirror stays as it is. */
function noneIfRefused(error: unknown): readonly MirrorEntry[] | undefined {
  const { status = 0 } = failureOf(error)?.facts ?? {};
  return status >= 400 && status < 500 && status !== 429 ? [] : undefined;
}

const secondsSince = (began: number): number => (performance.now() - began) / 1_000;
