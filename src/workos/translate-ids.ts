/** Replaces WorkOS's organization ids by tenant ids in replies and in events. */
import { isObject, type JsonObject } from '../core/json.ts';

/** Filled by identity providers and callers: what looks like an organization id there is none. */
export const FREE_FORM: ReadonlySet<string> = new Set([
  'raw_attributes',
  'custom_attributes',
  'metadata',
]);

/** Metadata without the keys by which Gatehouse marks its organizations. */
export const withoutMarks = <T>(metadata: Readonly<Record<string, T>>): Record<string, T> =>
  Object.fromEntries(Object.entries(metadata).filter(([key]) => !key.startsWith('gatehouse_')));

/** Tenants by organization id. */
export type ByOrganization = ReadonlyMap<string, { readonly id: string }>;

/** An owner of an API key that is an organization: its `id` is the organization's. */
export const isOwnerOrganization = (name: string, value: unknown): value is JsonObject =>
  name === 'owner' && isObject(value) && value.type === 'organization';

/** Returns the organization that an object or its owner names, or undefined. */
export function organizationIdOf({ organization_id: id, owner }: JsonObject): string | undefined {
  if (typeof id === 'string') return id;
  if (isOwnerOrganization('owner', owner) && typeof owner.id === 'string') return owner.id;
  return isObject(owner) && typeof owner.organization_id === 'string'
    ? owner.organization_id
    : undefined;
}

/** Collects every organization that a reply names, outside free-form fields. */
export function organizationIdsIn(value: unknown, found = new Set<string>()): Set<string> {
  if (Array.isArray(value)) for (const item of value) organizationIdsIn(item, found);
  else if (isObject(value)) {
    const id = organizationIdOf(value);
    if (id !== undefined) found.add(id);
    for (const [name, inner] of Object.entries(value))
      if (!FREE_FORM.has(name)) organizationIdsIn(inner, found);
  }
  return found;
}

/**
 * The reply with a tenant id for every organization id; one without a tenant becomes undefined, and so does a part
 * of the reply that names it as its owner.
 */
export function withTenantIds(value: unknown, tenants: ByOrganization): unknown {
  if (Array.isArray(value))
    return value
      .map((item) => withTenantIds(item, tenants))
      .filter((item, at) => item !== undefined || value[at] === undefined);
  if (typeof value === 'string')
    return ORGANIZATION_ID.test(value) ? tenants.get(value)?.id : value;
  if (!isObject(value)) return value;
  const owner = organizationIdOf(value);
  if (owner !== undefined && !tenants.has(owner)) return undefined;
  // Null stays null: SDKs read the field of an object without an organization too.
  const tenantIdOf = (id: unknown) =>
    typeof id === 'string' ? tenants.get(id)?.id : id === null ? null : undefined;
  return mapFields(value, (name, inner) => {
    if (name === 'organization_id') return tenantIdOf(inner);
    if (isOwnerOrganization(name, inner)) return { ...inner, id: tenantIdOf(inner.id) };
    return FREE_FORM.has(name) ? inner : withTenantIds(inner, tenants);
  });
}

/** The organization of an event, and the tenant it is mapped to. */
export interface EventPlace {
  readonly organizationId: string | null;
  readonly tenantId: string | null;
}

/** WorkOS's form: a prefix and a ULID. The test organization that WorkOS puts into a staging environment has a name. */
export const ORGANIZATION_ID = /^org_([0-9A-HJKMNP-TV-Z]{26}|test_idp)$/i;
const NAMES_ONE = /^organization(_?id)?$/i;
const NAMES_MANY = /^organization(_?id)?s$/i;

/**
 * Clients get this empty text in place of an organization id that they may not see. SDKs with typed fields (PHP, Kotlin,
 * Python 5) refuse a whole page for a null where WorkOS always has a text; no tenant id is empty.
 */
const UNTOLD = '';

/**
 * Translates the data of events. The event's own organization becomes its tenant, wherever it is
 * named; every other organization id becomes an empty text.
 */
export function eventTranslator({
  organizationId,
  tenantId,
}: EventPlace): (data: JsonObject) => JsonObject {
  const isOwn = (value: unknown): boolean => value === organizationId || value === tenantId;
  const tenantIdOf = (value: unknown): string | null =>
    value === null ? null : ((isOwn(value) ? tenantId : null) ?? UNTOLD);
  const isOrganizationId = (value: string): boolean =>
    value === organizationId || ORGANIZATION_ID.test(value);

  const translateValue = (name: string, value: unknown): unknown => {
    if (FREE_FORM.has(name)) return isObject(value) ? withoutMarks(value) : value;
    if (NAMES_ONE.test(name) && typeof value !== 'object') return tenantIdOf(value);
    if (typeof value === 'string') return isOrganizationId(value) ? tenantIdOf(value) : value;
    if (Array.isArray(value)) return value.map((item) => translateItem(name, item));
    if (!isObject(value)) return value;
    return NAMES_ONE.test(name) ? translateOrganization(value) : translateObject(value);
  };
  const translateItem = (name: string, value: unknown): unknown => {
    if (!NAMES_MANY.test(name)) return translateValue('', value);
    return isObject(value) ? translateOrganization(value) : tenantIdOf(value);
  };
  const translateObject = (value: JsonObject): JsonObject =>
    value.object === 'organization'
      ? translateOrganization(value)
      : mapFields(value, translateValue);
  const translateOrganization = (value: JsonObject): JsonObject => ({
    ...mapFields(value, translateValue),
    ...('id' in value && { id: tenantIdOf(value.id) }),
    ...('external_id' in value && { external_id: isOwn(value.id) ? tenantId : null }),
  });
  return translateObject;
}

const mapFields = (
  value: JsonObject,
  map: (name: string, inner: unknown) => unknown,
): Record<string, unknown> =>
  Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, map(name, inner)]));
