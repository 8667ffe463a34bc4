import {
  EVENT_NAMES,
  GATEHOUSE_EVENT_NAMES,
  NEWER_EVENT_NAMES,
  OLDER_EVENT_NAMES,
} from './event-names.ts';
import { nearest } from './near-miss.ts';
import { invalidFields, type FieldError } from './problem.ts';

const KNOWN: readonly string[] = [...EVENT_NAMES, ...NEWER_EVENT_NAMES, ...GATEHOUSE_EVENT_NAMES];
const OLDER: readonly string[] = OLDER_EVENT_NAMES;

/** Returns those of these event types that were ever received. */
export type SeenTypes = (types: readonly string[]) => Promise<readonly string[]>;

/**
 * Refuses event types that do not exist: whoever asks for a mistyped one would wait for ever. WorkOS adds
 * types without notice, so a type of which an event was received exists too.
 *
 * @param types in a list of the field `events`
 * @throws Problem `invalid-request`
 */
export async function requireEventTypes(
  types: readonly string[] | undefined,
  seenTypes: SeenTypes,
): Promise<void> {
  const unknown = (types ?? []).filter((type) => !KNOWN.includes(type) && !OLDER.includes(type));
  if (unknown.length === 0) return;
  const seen = await seenTypes(unknown);
  const faults = unknown.filter((type) => !seen.includes(type)).map(faultOf);
  if (faults.length > 0) throw invalidFields(faults);
}

const faultOf = (type: string): FieldError => ({
  field: 'events',
  code: 'unknown_event',
  message: `${type} is not a type of event; ${hintOf(type)}`,
});

function hintOf(type: string): string {
  const near = nearest(type, KNOWN);
  if (near !== undefined) return `did you mean ${near}?`;
  const [family = ''] = type.split('.');
  const ofFamily = KNOWN.filter((one) => one.startsWith(`${family}.`)).slice(0, 10);
  return ofFamily.length > 0
    ? `types of ${family} are ${ofFamily.join(', ')}`
    : 'https://workos.com/docs/events lists them';
}
