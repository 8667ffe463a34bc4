import { isObject } from '../../core/json.ts';
import type { FieldError } from '../../core/problem.ts';
import type { UnknownField } from './fields.ts';
import { wordsOf } from './words.ts';

/** True if the name speaks of an organization or a tenant, in whatever spelling. */
export const namesOrganization = (name: string): boolean =>
  /organi[sz]|tenant/i.test(name) || wordsOf(name).some((word) => /^org|orgs?$/.test(word));

/** True if the field, or one inside it, may choose another organization than the request names anyway. */
function choosesOrganization(name: string, value: unknown, tenantId: string | undefined): boolean {
  if (Array.isArray(value))
    return value.some((inner) => choosesOrganization(name, inner, tenantId));
  if (isObject(value) && Object.keys(value).length > 0)
    return Object.entries(value).some(([inner, one]) =>
      choosesOrganization(`${name}.${inner}`, one, tenantId),
    );
  const isHarmless =
    value === null || value === '' || typeof value === 'boolean' || value === tenantId;
  return !isHarmless && namesOrganization(name);
}

/**
 * Rights may hang on an unknown field whose name speaks of an organization: its caller expects that
 * only this organization is read or changed. So it is refused instead of being left out.
 *
 * @param tenantId the tenant that the request names
 */
export const refusedOrganizations = (
  unknown: readonly UnknownField[],
  tenantId: string | undefined,
): FieldError[] =>
  unknown
    .filter(({ path, value }) => choosesOrganization(path, value, tenantId))
    .map(({ path }) => ({
      field: path,
      code: 'unknown_field',
      message:
        'is not a field of this operation, and may not be left out because it names an organization',
    }));

/** A filter by organization without a value would be a list of all organizations. */
export const emptyOrganizations = (values: Readonly<Record<string, string>>): FieldError[] =>
  Object.entries(values)
    .filter(([name, value]) => value === '' && namesOrganization(name))
    .map(([field]) => ({ field, code: 'invalid_value', message: 'must be your tenant id' }));
