import { eventTranslator } from '../../workos/translate-ids.ts';
import type { AppliedEvent } from '../inbox/event.ts';

/** An event as clients get it, by feed or by webhook: WorkOS's data, with tenant ids for organization ids. */
export interface ClientEvent {
  readonly object: 'event';
  readonly id: string;
  readonly event: string;
  readonly data: Readonly<Record<string, unknown>>;
  /** ISO 8601. */
  readonly created_at: string;
  readonly context?: Readonly<Record<string, unknown>>;
}

/** An event that may not have a position in the feed yet. */
export type UnplacedEvent = Omit<AppliedEvent, 'position'>;

/**
 * The event with its tenant's id wherever its organization is named. Any other organization, and
 * one without a tenant, is `null`: such an id never leaves, not even to who may use every tenant.
 */
export function toClientEvent(event: UnplacedEvent): ClientEvent {
  const isOurs = event.event.startsWith('gatehouse.');
  const translate = isOurs ? <T>(value: T): T => value : eventTranslator(event);
  return {
    object: 'event',
    id: event.id,
    event: event.event,
    data: translate(event.data),
    created_at: event.createdAt.toISOString(),
    ...(event.context && { context: translate(event.context) }),
  };
}
