import { isObject } from '../../core/json.ts';

/**
 * The organization that an event is of: the one it is about, the one it names, or the one that
 * what it is about names (`connection`, `sso`, `user` and `group` of a membership, `owner`).
 *
 * @returns undefined: of none, or of two, which then neither may see
 */
export function organizationOf(data: Readonly<Record<string, unknown>>): string | undefined {
  if (data.object === 'organization') return idOf(data.id);
  const direct = idOf(data.organization_id);
  if (direct !== undefined) return direct;
  const inner = Object.values(data).filter(isObject);
  const named = new Set(inner.map((part) => idOf(part.organization_id)).filter(Boolean));
  return named.size === 1 ? [...named][0] : undefined;
}

const idOf = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined;
