import type { Asker } from './meter.ts';
import { NONE, sumByClient, type Amounts, type ByClient } from './amounts.ts';

const SLOT_MS = 5_000;
const SLOTS = 12;
/** How often the other processes are told. */
const TELL_MS = 1_000;

/** Counts the requests of the last minute, by client and priority. The oldest go in steps of 5 s. */
export function createUsage() {
  const slots: { readonly slot: number; readonly used: Map<string, Amounts> }[] = [];
  const slotAt = (now: number): number => Math.floor(now / SLOT_MS);
  let toldAt = -Infinity;
  const lastMinute = (now: number): ByClient => {
    while (slots[0] && slots[0].slot <= slotAt(now) - SLOTS) slots.shift();
    return sumByClient(slots.map(({ used }) => used));
  };

  return {
    count({ clientId, priority }: Asker, now: number): void {
      const slot = slotAt(now);
      if (slots.at(-1)?.slot !== slot) slots.push({ slot, used: new Map() });
      const used = slots.at(-1)?.used;
      const before = used?.get(clientId) ?? NONE;
      used?.set(clientId, { ...before, [priority]: before[priority] + 1 });
    },

    lastMinute,

    /** Returns undefined if the other processes were told a moment ago. */
    toTell(now: number): ByClient | undefined {
      if (now - toldAt < TELL_MS) return undefined;
      toldAt = now;
      return lastMinute(now);
    },
  };
}
