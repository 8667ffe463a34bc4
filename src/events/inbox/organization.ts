import { isObject, type JsonObject } from '../../core/json.ts';

/**
 * The organization of an event: the object itself, its `organization_id`, or the one that a nested
 * object names (`connection`, `sso`, `user` and `group` of a membership, `owner`) or is (the `owner`
 * of an API key).
 *
 * @returns undefined if there is none, or two different ones, neither of which may see the event
 */
export function organizationOf(data: JsonObject): string | undefined {
  if (data.object === 'organization') return idOf(data.id);
  const direct = idOf(data.organization_id);
  if (direct !== undefined) return direct;
  const inner = Object.values(data).filter(isObject);
  const named = new Set(inner.map(organizationIn).filter(Boolean));
  return named.size === 1 ? [...named][0] : undefined;
}

const organizationIn = (part: JsonObject): string | undefined =>
  idOf(part.organization_id) ?? (part.type === 'organization' ? idOf(part.id) : undefined);

const idOf = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined;
