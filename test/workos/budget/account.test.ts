/** What one client has left within one process, and which of its requests is served next. */
import { describe, expect, it } from '@jest/globals';
import { createAccount, type Waiter } from '../../../src/workos/budget/account.ts';
import { slow, WHOLE } from './budget-setup.ts';

describe('the account of a client', () => {
  const waiter = (priority: Waiter['priority'], until = 1_000): Waiter => ({
    priority,
    until,
    admit: () => undefined,
    refuse: () => undefined,
  });

  it('has credit for two seconds of its share, and overdraws one', () => {
    const account = createAccount(WHOLE);
    account.setShare(slow(10));
    account.earn(1);
    expect(account.credit).toBe(14);
    account.earn(60);
    expect(account.credit).toBe(20);
    for (let n = 0; n < 100; n += 1) account.spend();
    expect(account.credit).toBe(-10);
    account.earn(0.5);
    expect(account.credit).toBe(-5);
    expect(account.share).toEqual(slow(10));
  });

  it('has credit for four requests however small its share, and overdraws one', () => {
    const account = createAccount(WHOLE);
    account.setShare(slow(0.1));
    account.earn(60);
    expect(account.credit).toBe(4);
    for (let n = 0; n < 9; n += 1) account.spend();
    expect(account.credit).toBe(-1);
  });

  it('saves up nothing beyond one request while it wants more than its share, and keeps what it has', () => {
    const account = createAccount(WHOLE);
    account.setShare({ ...slow(10), isUsedUp: true });
    account.earn(60);
    expect(account.credit).toBe(4);
    for (let n = 0; n < 4; n += 1) account.spend();
    account.earn(60);
    expect(account.credit).toBe(0.99);
  });

  it('is always within its share while there is enough for everybody', () => {
    const account = createAccount(WHOLE);
    for (let n = 0; n < 9; n += 1) account.spend();
    expect(account.credit).toBe(4);
    account.earn(1);
    expect(account.credit).toBe(4);
  });

  it('serves the most urgent waiter first, of these the one that has waited longest', () => {
    const account = createAccount(WHOLE);
    const [batch, first, second] = [waiter('batch'), waiter('ordinary'), waiter('ordinary')];
    expect(account.mostUrgent()).toBeUndefined();
    expect(account.next()).toBeUndefined();
    for (const one of [batch, first, second]) expect(account.add(one)).toBe(true);

    expect([account.waiting(), account.mostUrgent()]).toEqual([3, 'ordinary']);
    expect([account.next(), account.next(), account.next()]).toEqual([first, second, batch]);
    expect(account.waiting()).toBe(0);
  });

  it('lets 500 wait', () => {
    const account = createAccount(WHOLE);
    const added = Array.from({ length: 501 }, () => account.add(waiter('batch')));
    expect(added.filter(Boolean)).toHaveLength(500);
    account.next();
    expect(account.add(waiter('batch'))).toBe(true);
  });

  it('gives up those whose time is over', () => {
    const account = createAccount(WHOLE);
    const [early, late, batch] = [
      waiter('ordinary', 10),
      waiter('ordinary', 11),
      waiter('batch', 10),
    ];
    for (const one of [early, late, batch]) account.add(one);

    expect(account.expired(9)).toEqual([]);
    expect(account.expired(10)).toEqual([early, batch]);
    expect(account.waiting()).toBe(1);
  });

  it('wants what it asked for lately and what waits, with room to grow', () => {
    const account = createAccount(WHOLE);
    expect(account.isIdle()).toBe(true);
    for (let n = 0; n < 8; n += 1) account.arrive('ordinary');
    expect(account.isIdle()).toBe(false);
    // 8 in 400 ms are 5 in 250 ms.
    const wanted = account.wants(400, 250);
    expect(wanted.ordinary).toBeCloseTo(5 * 1.25, 6);
    account.add(waiter('ordinary'));
    // Half is forgotten after 400 ms.
    expect(account.wants(400, 250).ordinary).toBeCloseTo(1 + 2.5 * 2, 6);
    expect(account.wants(0, 250).batch).toBe(0);
  });

  it('counts what came on average, not at once, while there is not enough for everybody', () => {
    const account = createAccount(WHOLE);
    account.setShare(slow(2));
    for (let n = 0; n < 8; n += 1) account.arrive('ordinary');
    expect(account.wants(400, 250).ordinary).toBeCloseTo(2.5 * 1.25, 6);
  });

  it('forgets an old want', () => {
    const account = createAccount(WHOLE);
    account.arrive('batch');
    account.wants(250, 250);
    expect(account.isIdle()).toBe(false);
    account.wants(4_000, 250);
    expect(account.isIdle()).toBe(true);
  });

  it('may not be forgotten before all is saved up again, because a new one has all', () => {
    const account = createAccount(WHOLE);
    account.setShare({ ...slow(10), isUsedUp: true });
    for (let n = 0; n < 4; n += 1) account.spend();
    account.earn(60);
    expect(account.isIdle()).toBe(false);
    account.setShare(slow(1));
    account.earn(60);
    expect(account.isIdle()).toBe(true);
  });
});
