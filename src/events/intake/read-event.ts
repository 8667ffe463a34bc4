import { parse } from '../../http/parse.ts';
import { Problem } from '../../core/problem.ts';
import { Delivery } from './contract.ts';
import type { IncomingEvent } from '../inbox/event.ts';

/** What came through either door, as an event. @throws Problem `invalid-request` */
export function toEvent(value: unknown): IncomingEvent {
  const { id, event, data, context, created_at } = parse(Delivery, value);
  return { id, event, data, created_at, ...(context && { context }) };
}

/** The id of what is no event otherwise, when it has one that could be an event's. */
export function idOf(value: unknown): string | undefined {
  const { id } = Object(value) as { id?: unknown };
  const usable = Delivery.shape.id.safeParse(id);
  return usable.success ? usable.data : undefined;
}

/** Names of fields and what is wrong with them, without their values. */
export function whyUnreadable(error: unknown): string {
  if (!(error instanceof Problem)) return 'cannot be read';
  return (
    error.errors.map(({ field, message }) => `${field} ${message}`).join('; ') || error.message
  );
}
