import { describe, expect, it } from '@jest/globals';
import { createUpstreamClock, secondsLeft } from '../../src/workos/clock.ts';
import { withClocks } from '../support/clock.ts';

const HOUR_MS = 3_600_000;
const dateOf = (ms: number): string => new Date(ms).toUTCString();
const hoursOff = (ms: number): number => Math.round(Math.abs(ms - Date.now()) / HOUR_MS);

describe('the clock of WorkOS', () => {
  it.each([
    ['is ours until the first reply', [], 0],
    [
      'is that of the last reply',
      [dateOf(Date.now() - 5 * HOUR_MS), dateOf(Date.now() + 2 * HOUR_MS)],
      2,
    ],
    [
      'is ours again if a date is days off',
      [dateOf(Date.now() + HOUR_MS), dateOf(Date.now() + 72 * HOUR_MS)],
      0,
    ],
    ['is ours again if a date is malformed', [dateOf(Date.now() + HOUR_MS), 'yesterday'], 0],
    ['is ours again without a date', [dateOf(Date.now() + HOUR_MS), undefined], 0],
  ])('%s', (_case, dates, hours) => {
    const clock = createUpstreamClock();

    for (const date of dates) clock.learn(date);

    expect(hoursOff(clock.now())).toBe(hours);
  });

  it('goes on although ours is set', async () => {
    const clock = createUpstreamClock();
    const began = Date.now();
    clock.learn(dateOf(began));

    const now = await withClocks({ aheadMs: 5 * HOUR_MS, passedMs: HOUR_MS }, () =>
      Promise.resolve(clock.now()),
    );

    expect(Math.round((now - began) / HOUR_MS)).toBe(1);
  });
});

describe('Retry-After', () => {
  const now = Date.parse('2026-11-30T12:00:00Z');

  it.each([
    ['seconds', '30', 30],
    ['a date', 'Mon, 30 Nov 2026 12:00:07 GMT', 7],
    ['a date that is over', 'Mon, 30 Nov 2026 11:00:00 GMT', 0],
    ['something else', 'soon', undefined],
    ['nothing', undefined, undefined],
  ])('may be %s', (_case, value, seconds) => {
    expect(secondsLeft(value, now)).toBe(seconds);
  });
});
