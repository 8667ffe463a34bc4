import { isObject } from '../core/json.ts';

/**
 * Returns the claim with this name or, if the token has none, the value at this path:
 * `realm_access.roles` (Keycloak). Names with dots, such as URLs, are found as they are.
 */
export function claimAt(claims: Readonly<Record<string, unknown>>, path: string): unknown {
  if (Object.hasOwn(claims, path)) return claims[path];
  return path
    .split('.')
    .reduce<unknown>(
      (value, name) => (isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined),
      claims,
    );
}
