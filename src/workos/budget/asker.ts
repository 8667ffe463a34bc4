import type { Caller } from '../../core/caller.ts';
import { Problem } from '../../core/problem.ts';
import type { Share } from './account.ts';
import type { Asker } from './meter.ts';

/** Work without a client: pages that browsers open, and background tasks. No client has such an id. */
export const BROWSERS = '@browsers';
export const BACKGROUND = '@background';

export const askerOf = ({ clientId, priority }: Caller): Asker => ({
  clientId: clientId ?? (priority === 'batch' ? BACKGROUND : BROWSERS),
  priority,
});

/** Makes the refusal of a client whose share of the budget is used up. */
export function shareUsed({ perSecond, perMinute }: Share, waiting: number): Problem {
  const retryAfter = Math.min(60, Math.max(1, Math.ceil((waiting + 1) / perSecond)));
  return new Problem(
    'workos-share-used',
    `This client’s share of the requests to WorkOS is used up; it is about ${Math.round(perMinute)} a minute now. Try again in ${retryAfter} s.`,
    {
      retryAfter,
      rateLimits: [
        {
          name: 'workos',
          quota: Math.floor(perMinute),
          windowSeconds: 60,
          remaining: 0,
          resetSeconds: retryAfter,
        },
      ],
    },
  );
}
