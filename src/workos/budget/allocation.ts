import type { Priority } from '../../core/caller.ts';
import { amounts, NONE, totalOf, type Amounts, type ByClient } from './amounts.ts';

/** The requests that can be handed out. */
export interface Supply {
  /** Requests that become available in the round. */
  readonly flow: number;
  /** Requests saved up that each priority may use. The more urgent, the more. */
  readonly stock: Amounts;
}

export interface Allocation {
  readonly given: ByClient;
  /** The largest amount of a client that wants more than it got. Infinity if all got what they want. */
  readonly fairAmount: number;
}

/** The part of the flow that interactive work gets before all other, and the part of it that one client gets. */
const INTERACTIVE_PART = 7 / 8;
const CLIENT_PART = 1 / 2;
/** The part that is shared evenly whatever the priority, so that no client's batch work stops. The rest goes by priority. */
const EVEN_PART = 0.8;

/**
 * Shares requests out among clients, max-min fair. Logins get all they want. Interactive work comes
 * next, up to a limit per client; then each client gets an even share, and the rest goes by priority.
 */
export function allocate(wants: ByClient, { flow, stock }: Supply): Allocation {
  const accounts = [...wants].map(([client, wanted]) => ({
    client,
    left: { ...wanted },
    given: { ...NONE },
  }));
  /** Pours an amount evenly into the clients' wants. @returns how much was given */
  const pour = (
    priorities: readonly Priority[],
    amount: number,
    { most = Infinity, onTop = false } = {},
  ): number => {
    const rooms = accounts.map(({ left, given }) => ({
      // A client’s earlier amount counts, so that the others reach the same level first.
      base: onTop ? totalOf(given) - given.login : 0,
      room: Math.min(most, sumOf(left, priorities)),
    }));
    const level = waterLevel(rooms, amount);
    let poured = 0;
    for (const [index, account] of accounts.entries()) {
      const share = shareBelow(level, rooms[index]);
      give(account, priorities, share);
      poured += share;
    }
    return poured;
  };

  let rest = Math.max(0, flow - pour(['login'], Infinity));
  rest -= pour(['interactive'], rest * INTERACTIVE_PART, { most: rest * CLIENT_PART });
  rest -= pour(BELOW_LOGIN, rest * EVEN_PART, { onTop: true });
  for (const priority of BELOW_LOGIN) rest -= pour([priority], rest);
  let used = 0;
  for (const priority of BELOW_LOGIN) used += pour([priority], Math.max(0, stock[priority] - used));

  const short = accounts.filter(({ left }) => totalOf(left) > 1e-9);
  return {
    given: new Map(accounts.map(({ client, given }) => [client, given])),
    fairAmount:
      short.length === 0
        ? Infinity
        : Math.max(...short.map(({ given }) => totalOf(given) - given.login)),
  };
}

const BELOW_LOGIN = ['interactive', 'ordinary', 'batch'] as const;

const sumOf = (some: Amounts, priorities: readonly Priority[]): number =>
  priorities.reduce((sum, priority) => sum + some[priority], 0);

/** Gives a client its share, the most urgent work first. */
function give(
  { left, given }: Record<'left' | 'given', Record<Priority, number>>,
  priorities: readonly Priority[],
  share: number,
): void {
  let rest = share;
  for (const priority of priorities) {
    const part = Math.min(left[priority], rest);
    left[priority] -= part;
    given[priority] += part;
    rest -= part;
  }
}

interface Room {
  /** What the client has already. */
  readonly base: number;
  /** How much more it wants. */
  readonly room: number;
}

const shareBelow = (level: number, { base, room }: Room = { base: 0, room: 0 }): number =>
  Math.min(room, Math.max(0, level - base));

/** 2^-40 of a request is precise enough. */
const STEPS = 40;

/** Returns the level up to which clients are filled when `amount` is shared max-min fair; Infinity if it is enough for all. */
export function waterLevel(rooms: readonly Room[], amount: number): number {
  if (rooms.reduce((sum, { room }) => sum + room, 0) <= amount) return Infinity;
  let low = 0;
  let high = Math.max(...rooms.map(({ base, room }) => base + room));
  for (let step = 0; step < STEPS; step += 1) {
    const middle = (low + high) / 2;
    const poured = rooms.reduce((sum, room) => sum + shareBelow(middle, room), 0);
    if (poured > amount) high = middle;
    else low = middle;
  }
  return low;
}

/** A client's given amounts times the part of them that one process has asked for. */
export const partOf = (given: Amounts, own: Amounts, all: Amounts): Amounts =>
  amounts((priority) =>
    all[priority] > 0 ? (given[priority] * own[priority]) / all[priority] : 0,
  );
