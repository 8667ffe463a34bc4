import { UpstreamFailure } from '../workos/failure.ts';
import type { UpstreamOptions } from '../workos/upstream.ts';
import type { Metrics } from './metrics.ts';

export const countAttempts =
  ({ upstream, refusedKey }: Metrics): NonNullable<UpstreamOptions['onAttempt']> =>
  (group, failure) => {
    const isFailure = failure instanceof UpstreamFailure;
    upstream.inc({
      class: group,
      outcome: isFailure ? failure.kind : failure ? 'cancelled' : 'ok',
    });
    const status = isFailure ? failure.facts.status : undefined;
    if (status === 401 || status === 403) refusedKey.inc();
  };
