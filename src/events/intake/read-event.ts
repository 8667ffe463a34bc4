import { parse } from '../../http/parse.ts';
import { Problem } from '../../core/problem.ts';
import { Delivery } from './contract.ts';
import type { IncomingEvent } from '../inbox/event.ts';

/** Validates an event from the webhook or the feed. @throws Problem `invalid-request` */
export function toEvent(value: unknown): IncomingEvent {
  const { id, event, data, context, created_at } = parse(Delivery, value);
  return { id, event, data, created_at, ...(context && { context }) };
}

/** The id of an invalid event, if that at least is valid. */
export function idOf(value: unknown): string | undefined {
  const { id } = Object(value) as { id?: unknown };
  const usable = Delivery.shape.id.safeParse(id);
  return usable.success ? usable.data : undefined;
}

/** Describes the invalid fields, without their values. */
export function unreadableReason(error: unknown): string {
  if (!(error instanceof Problem)) return 'cannot be read';
  return (
    error.errors.map(({ field, message }) => `${field} ${message}`).join('; ') || error.message
  );
}
