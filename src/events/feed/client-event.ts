import type { AppliedEvent } from '../inbox/event.ts';

/** An event as clients get it, by feed or by delivery: WorkOS's words, with tenant ids. */
export interface OutgoingEvent {
  readonly object: 'event';
  readonly id: string;
  readonly event: string;
  readonly data: Readonly<Record<string, unknown>>;
  /** ISO 8601. */
  readonly created_at: string;
  readonly context?: Readonly<Record<string, unknown>>;
}

/** Also of an event without a place; but then nobody is to be told of it. */
export type Told = Omit<AppliedEvent, 'position'>;

/**
 * The event with its tenant's id wherever its organization is named. Any other organization, and
 * one without a tenant, is `null`: such an id never leaves, not even to who may use every tenant.
 */
export function outgoing(event: Told): OutgoingEvent {
  const told = event.event.startsWith('gatehouse.') ? <T>(value: T): T => value : teller(event);
  return {
    object: 'event',
    id: event.id,
    event: event.event,
    data: told(event.data),
    created_at: event.createdAt.toISOString(),
    ...(event.context && { context: told(event.context) }),
  };
}

type Json = Readonly<Record<string, unknown>>;

/** What people fill in as they like: whatever looks like an id there is not one of ours to change. */
const FREE_FORM = ['raw_attributes', 'custom_attributes', 'metadata'];
/** WorkOS's form: a prefix and a ULID. */
const ORGANIZATION_ID = /^org_[0-9A-HJKMNP-TV-Z]{26}$/i;
const NAMES_ONE = /^organization(_?id)?$/i;
const NAMES_MANY = /^organization(_?id)?s$/i;

function teller({ organizationId, tenantId }: Told): (value: Json) => Json {
  const idOf = (value: unknown): string | null =>
    value !== null && (value === organizationId || value === tenantId) ? tenantId : null;

  const ofValue = (name: string, value: unknown): unknown => {
    if (FREE_FORM.includes(name)) return withoutMarks(value);
    if (NAMES_ONE.test(name) && typeof value !== 'object') return idOf(value);
    if (typeof value === 'string') return isOrganizationId(value) ? idOf(value) : value;
    if (Array.isArray(value)) return value.map((one) => ofItem(name, one));
    if (typeof value !== 'object' || value === null) return value;
    return NAMES_ONE.test(name) ? ofOrganization(value as Json) : ofObject(value as Json);
  };
  const ofItem = (name: string, value: unknown): unknown => {
    if (!NAMES_MANY.test(name)) return ofValue('', value);
    return typeof value === 'object' && value !== null
      ? ofOrganization(value as Json)
      : idOf(value);
  };
  const ofObject = (value: Json): Json =>
    value.object === 'organization' ? ofOrganization(value) : ofFields(value);
  const ofOrganization = (value: Json): Json => ({
    ...ofFields(value),
    ...('id' in value && { id: idOf(value.id) }),
    ...('external_id' in value && { external_id: idOf(value.id) }),
  });
  const ofFields = (value: Json): Json =>
    Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, ofValue(name, inner)]));

  const isOrganizationId = (value: string): boolean =>
    value === organizationId || ORGANIZATION_ID.test(value);
  return ofObject;
}

/** Without what we mark our organizations with. */
const withoutMarks = (value: unknown): unknown =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).filter(([name]) => !name.startsWith('gatehouse_')))
    : value;
