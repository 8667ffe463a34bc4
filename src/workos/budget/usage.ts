import type { Asker } from './meter.ts';
import { NONE, sumByClient, type Amounts, type ByClient } from './amounts.ts';

const SLOT_MS = 5_000;
const SLOTS = 12;

/** Counts the requests of the last minute, by client and priority. The oldest go in steps of 5 s. */
export function createUsage() {
  const slots: { readonly slot: number; readonly used: Map<string, Amounts> }[] = [];
  const slotAt = (now: number): number => Math.floor(now / SLOT_MS);

  return {
    count({ clientId, priority }: Asker, now: number): void {
      const slot = slotAt(now);
      if (slots.at(-1)?.slot !== slot) slots.push({ slot, used: new Map() });
      const used = slots.at(-1)?.used;
      const before = used?.get(clientId) ?? NONE;
      used?.set(clientId, { ...before, [priority]: before[priority] + 1 });
    },

    lastMinute(now: number): ByClient {
      while (slots[0] && slots[0].slot <= slotAt(now) - SLOTS) slots.shift();
      return sumByClient(slots.map(({ used }) => used));
    },
  };
}
