/** What strangers had refused is counted by address. */
import { describe, expect, it } from '@jest/globals';
import { createRefusals } from '../../src/rate-limits/refusals.ts';
import type { Refusals } from '../../src/http/rate-limits.ts';

const refuse = (refusals: Refusals, count: number, addressOf: (n: number) => string) => {
  for (let n = 0; n < count; n += 1) refusals.count('code', addressOf(n));
};
const isRefused = (refusals: Refusals, address: string): boolean => {
  try {
    refusals.check('code', address);
    return false;
  } catch {
    return true;
  }
};

describe('refusals', () => {
  it('are counted for each IPv4 address, also in IPv6 notation', () => {
    const refusals = createRefusals();
    refuse(refusals, 10, () => '192.0.2.1');

    expect(isRefused(refusals, '192.0.2.1')).toBe(true);
    expect(isRefused(refusals, '::ffff:192.0.2.1')).toBe(true);
    expect(isRefused(refusals, '192.0.2.2')).toBe(false);
  });

  it('are counted for the /64 network of an IPv6 address', () => {
    const refusals = createRefusals();
    refuse(refusals, 10, (n) => `2001:db8:1:2:${n}::1`);

    expect(isRefused(refusals, '2001:db8:1:2:ffff::9')).toBe(true);
    expect(isRefused(refusals, '2001:db8:1:3::1')).toBe(false);
  });

  it('of one thing do not count for another', () => {
    const refusals = createRefusals();
    refuse(refusals, 50, () => '192.0.2.1');

    expect(refusals.count('ticket', '192.0.2.1')).toBeUndefined();
  });

  it('are answered differently once there are too many', () => {
    const refusals = createRefusals();
    const answers = Array.from({ length: 5_001 }, () => refusals.count('ticket', '192.0.2.1'));

    expect(answers.slice(0, 5_000)).toEqual(Array<undefined>(5_000).fill(undefined));
    expect(answers.at(-1)).toMatchObject({ slug: 'too-many-requests' });
    expect(answers.at(-1)?.retryAfter).toBeGreaterThan(0);
  });
});
