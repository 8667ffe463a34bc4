import { expect, it } from '@jest/globals';
import { problemHeaders } from '../../src/http/problem-details.ts';
import { asOAuth } from '../../src/http/oauth-errors.ts';
import { Problem } from '../../src/core/problem.ts';

const tooMany = new Problem('too-many-requests', 'Too many requests.', {
  retryAfter: 12,
  rateLimits: [
    { name: 'client', quota: 60, windowSeconds: 60, remaining: 0, resetSeconds: 12 },
    { name: 'tenant', quota: 30, windowSeconds: 60, remaining: 4, resetSeconds: 2 },
  ],
});

it.each([
  ['an ordinary 429', tooMany],
  ['a 429 to an OAuth client', asOAuth(tooMany)],
])('%s names the limits and what is left of each', (_what, problem) => {
  expect(problemHeaders(problem)).toEqual({
    'retry-after': '12',
    'ratelimit-policy': '"client";q=60;w=60, "tenant";q=30;w=60',
    ratelimit: '"client";r=0;t=12, "tenant";r=4;t=2',
  });
});

it('a problem that no limit caused has no RateLimit headers', () => {
  expect(problemHeaders(new Problem('overloaded', 'Busy.'))).toEqual({ 'retry-after': '2' });
});
