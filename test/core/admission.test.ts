/** Places that clients share: nobody takes all, the urgent come first, clients take turns. */
import { describe, expect, it } from '@jest/globals';
import { createAdmission, type Admission, type Leave } from '../../src/core/admission.ts';
import { runAs, type Priority } from '../../src/core/caller.ts';
import { Cancellation, Cancelled } from '../../src/core/cancellation.ts';

const admissionOf = (capacity: number, waitMs = 20): Admission =>
  createAdmission({ capacity, waitMs, refuse: (reason) => new Error(reason) });

const enter = (
  admission: Admission,
  clientId: string | undefined,
  priority: Priority = 'ordinary',
) => runAs({ clientId, priority }, () => admission.enter());

/** Enters until a call is refused. */
async function fill(admission: Admission, clientId: string | undefined, priority?: Priority) {
  const places: Leave[] = [];
  for (;;)
    try {
      places.push(await enter(admission, clientId, priority));
    } catch {
      return places;
    }
}

describe('an admission of 16 places', () => {
  it.each([
    ['login', 8, 16],
    ['interactive', 7, 14],
    ['ordinary', 6, 12],
    ['batch', 4, 8],
  ] as const)('gives %s %i to one client and %i to all', async (priority, ofOne, ofAll) => {
    const one = admissionOf(16, 1);
    const all = admissionOf(16, 1);

    const filled = await Promise.all([fill(one, 'a', priority), fill(all, undefined, priority)]);

    expect(filled.map((places) => places.length)).toEqual([ofOne, ofAll]);
  });

  it('gives all requests whose client is not known the part of one client', async () => {
    const admission = admissionOf(16, 1);
    const request = () =>
      runAs({ clientId: undefined, isRequest: true, priority: 'login' }, () => admission.enter());
    const taken = await Promise.allSettled(Array.from({ length: 20 }, request));

    expect(taken.filter(({ status }) => status === 'fulfilled')).toHaveLength(8);
    await expect(request()).rejects.toThrow('strangers');
    expect(await fill(admission, 'a', 'login')).toHaveLength(8);
  });

  it('keeps places for logins of a client that uses its share for reads', async () => {
    const admission = admissionOf(16, 1);
    await fill(admission, 'a', 'ordinary');

    expect(await fill(admission, 'a', 'login')).toHaveLength(2);
    expect(await fill(admission, 'b', 'ordinary')).toHaveLength(6);
  });

  it('says whether the client or everybody is the reason', async () => {
    const admission = admissionOf(16, 1);
    await fill(admission, 'a');
    await expect(enter(admission, 'a')).rejects.toThrow('client');
    await fill(admission, undefined);
    await expect(enter(admission, 'b')).rejects.toThrow('capacity');
  });

  it('gives back a place once, under the name that took it', async () => {
    const admission = admissionOf(2, 1);
    const caller = { clientId: undefined as string | undefined, priority: 'login' as const };
    const leave = await runAs(caller, () => admission.enter());
    caller.clientId = 'a';
    leave();
    leave();

    expect(await fill(admission, undefined, 'login')).toHaveLength(2);
  });
});

it('free places go to the urgent first, then to clients in turn', async () => {
  const admission = admissionOf(1, 1_000);
  const leave = await enter(admission, 'x');
  const order: string[] = [];
  const waiting = (
    [
      ['a', 'ordinary'],
      ['a', 'ordinary'],
      ['b', 'ordinary'],
      ['c', 'batch'],
      ['d', 'login'],
    ] as const
  ).map(async ([clientId, priority]) => {
    const done = await enter(admission, clientId, priority);
    order.push(`${clientId} ${priority}`);
    done();
  });
  leave();
  await Promise.all(waiting);

  expect(order).toEqual(['d login', 'a ordinary', 'b ordinary', 'a ordinary', 'c batch']);
});

it('a call that waited in vain takes no place later', async () => {
  const admission = admissionOf(1, 5);
  const leave = await enter(admission, 'a');
  await expect(enter(admission, 'b')).rejects.toThrow('capacity');
  leave();

  await expect(enter(admission, 'c')).resolves.toBeDefined();
});

it('a caller that leaves stops waiting at once, and the next gets its turn', async () => {
  const admission = admissionOf(1, 60_000);
  const leave = await enter(admission, 'a', 'login');
  const cancellation = new Cancellation();
  const gone = runAs({ clientId: 'b', priority: 'login', cancellation }, () => admission.enter());
  const next = enter(admission, 'c', 'login');
  cancellation.cancel();
  await expect(gone).rejects.toThrow(Cancelled);
  leave();

  await expect(next).resolves.toBeInstanceOf(Function);
  await expect(
    runAs({ clientId: 'd', priority: 'login', cancellation }, () => admission.enter()),
  ).rejects.toThrow(Cancelled);
});
