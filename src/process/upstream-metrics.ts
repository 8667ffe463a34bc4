import type { UpstreamOptions } from '../workos/upstream.ts';
import type { Metrics } from './metrics.ts';

export const countAttempts =
  ({ upstream, refusedKey }: Metrics): NonNullable<UpstreamOptions['onAttempt']> =>
  (group, failure) => {
    upstream.inc({ class: group, outcome: failure?.kind ?? 'ok' });
    if (failure?.facts.status === 401 || failure?.facts.status === 403) refusedKey.inc();
  };
