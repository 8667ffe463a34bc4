import { parse } from '../http/parse.ts';
import { Delivery } from './contract.ts';
import type { IncomingEvent } from './event.ts';

/** What came through either door, as an event. @throws Problem `invalid-request` */
export function toEvent(value: unknown): IncomingEvent {
  const { id, event, data, context, created_at } = parse(Delivery, value);
  return { id, event, data, created_at, ...(context && { context }) };
}
