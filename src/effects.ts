import type { Effect } from './events/event.ts';
import { journeyEffect } from './portal/journeys.ts';
import { mirrorEffect } from './setup/mirror.ts';

/**
 * All that follows from an event, in this order, in the transaction that gives the event its place.
 */
export const createEffects = (deliveries: Effect): readonly Effect[] => [
  mirrorEffect,
  journeyEffect,
  deliveries,
];
