/** The rules of `identity.ts` (`*`, tenant ids, prefixes such as `acme-*`), as SQL. */

/**
 * Whether one of the rules covers a tenant. Null, like a tenant that is null, is covered by `*` only.
 *
 * @param rules a text array
 * @param tenant a text
 */
export const covers = (rules: string, tenant: string): string =>
  `('*' = any(${rules}) or exists (select 1 from unnest(${rules}) rule where case
    when right(rule, 1) = '*' then starts_with(${tenant}, left(rule, -1)) else rule = ${tenant} end))`;

/**
 * The ids of all tenants that the rules cover, also of deleted ones: what happened to them stays
 * readable.
 *
 * @param rules a text array
 */
export const coveredTenants = (rules: string): string =>
  `select rule as id from unnest(${rules}) rule where right(rule, 1) <> '*'
   union select t.id from unnest(${rules}) rule
     join tenants t on right(rule, 1) = '*' and starts_with(t.id, left(rule, -1))`;
