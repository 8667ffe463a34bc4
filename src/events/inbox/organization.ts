import { isObject, type JsonObject } from '../../core/json.ts';
import { FREE_FORM, isOwnerOrganization } from '../../workos/translate-ids.ts';

/**
 * The organization of an event: the object itself, its `organization_id`, or the one that a nested
 * object names (`connection`, `sso`, `user` and `group` of a membership, `owner`) or is (the `owner`
 * of an API key). Metadata and attributes name none: their authors would choose whose event it is.
 *
 * @returns undefined if there is none, or two different ones, neither of which may see the event
 */
export function organizationOf(data: JsonObject): string | undefined {
  if (data.object === 'organization') return idOf(data.id);
  const direct = idOf(data.organization_id);
  if (direct !== undefined) return direct;
  const inner = Object.entries(data).filter(([name]) => !FREE_FORM.has(name));
  const named = new Set(inner.map(organizationIn).filter(Boolean));
  return named.size === 1 ? [...named][0] : undefined;
}

function organizationIn([name, part]: readonly [string, unknown]): string | undefined {
  if (!isObject(part)) return undefined;
  return (
    idOf(part.organization_id) ?? (isOwnerOrganization(name, part) ? idOf(part.id) : undefined)
  );
}

const idOf = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined;
