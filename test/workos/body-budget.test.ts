/** The memory that large replies of WorkOS take together: no client has all of it. */
import { describe, expect, it } from '@jest/globals';
import { BodyBudget, type Room } from '../../src/workos/body-budget.ts';

const MB = 2 ** 20;

/** Replies whose room is waited for are named in `admitted` once they have it. */
function budgetOf8Mb() {
  const budget = new BodyBudget(8 * MB);
  const admitted: string[] = [];
  return {
    budget,
    admitted,
    /** Takes room for a reply. @returns the room, and whether it was there at once */
    read(share: string, megabytes: number) {
      const room: Room = { bytes: 0, share };
      const atOnce = budget.grow(room, megabytes * MB, () => admitted.push(share));
      return { room, atOnce };
    },
  };
}

describe('large replies', () => {
  it('of a client that has many leave room for those of another', () => {
    const { read } = budgetOf8Mb();
    const greedy = Array.from({ length: 20 }, () => read('greedy', 2));

    expect(greedy.filter(({ atOnce }) => atOnce)).toHaveLength(3);
    expect(read('modest', 4).atOnce).toBe(true);
  });

  it('that wait for the same room are read in turn, client by client', () => {
    const { read, budget, admitted } = budgetOf8Mb();
    const largest = read('greedy', 16);
    const waiting = Array.from({ length: 3 }, () => read('greedy', 6));
    waiting.push(read('modest', 6));
    budget.free(largest.room);
    budget.free(waiting[0]?.room ?? largest.room);

    expect(waiting.some(({ atOnce }) => atOnce)).toBe(false);
    expect(admitted).toEqual(['greedy', 'modest']);
  });

  it('of one client alone are all read, one after the other', () => {
    const { read, budget, admitted } = budgetOf8Mb();
    const rooms = Array.from({ length: 6 }, () => read('alone', 16).room);
    for (const room of rooms) budget.free(room);

    expect(admitted).toHaveLength(5);
  });

  it('that are given up no longer wait', () => {
    const { read, budget, admitted } = budgetOf8Mb();
    const first = read('a', 16);
    const givenUp = read('b', 16);
    read('c', 16);
    budget.free(givenUp.room);
    budget.free(first.room);

    expect(admitted).toEqual(['c']);
  });
});
