import type { EventHandler } from '../events/inbox/event.ts';
import { markLaunchesConfigured } from '../portal/mark-configured.ts';
import { createMirrorHandler, type OddEvent } from '../setup/mirror.ts';

/**
 * All that follows from an event, in this order, in the transaction that gives the event its place.
 */
export const createEventHandlers = (
  deliveries: EventHandler,
  onOdd: (odd: OddEvent) => void,
): readonly EventHandler[] => [createMirrorHandler(onOdd), markLaunchesConfigured, deliveries];
