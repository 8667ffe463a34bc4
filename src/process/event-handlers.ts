import type { EventHandler } from '../events/inbox/event.ts';
import { markLaunchesConfigured } from '../portal/return/mark-configured.ts';
import { createMirrorHandler, type OddEvent } from '../setup/mirror/apply-event.ts';

/** The handlers of an event, in order. They run in the transaction that gives the event its position. */
export const createEventHandlers = (
  deliveries: EventHandler,
  onOdd: (odd: OddEvent) => void,
): readonly EventHandler[] => [createMirrorHandler(onOdd), markLaunchesConfigured, deliveries];
