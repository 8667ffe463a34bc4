import { eventTranslator } from '../../workos/translate-ids.ts';
import type { AppliedEvent } from '../inbox/event.ts';

/** An event as clients receive it, by feed or webhook: WorkOS's data, with tenant ids instead of organization ids. */
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
 * Replaces the id of the event's organization by the tenant id wherever it occurs. Any other
 * organization id, and one without a tenant, becomes an empty text: clients never get organization ids,
 * not even those that may use every tenant.
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
