/** The rules of `identity.ts` (`*`, tenant ids, prefixes such as `acme-*`), as SQL. */

/**
 * SQL condition: one of the rules covers the tenant. A null tenant is covered by `*` only.
 *
 * @param rules a text array
 * @param tenant a text
 */
export const covers = (rules: string, tenant: string): string =>
  `('*' = any(${rules}) or exists (select 1 from unnest(${rules}) rule where case
    when right(rule, 1) = '*' then starts_with(${tenant}, left(rule, -1)) else rule = ${tenant} end))`;

/**
 * SQL query for the ids of all tenants that the rules cover, including deleted ones, whose history stays
 * readable.
 *
 * @param rules a text array
 */
export const coveredTenants = (rules: string): string =>
  `select rule as id from unnest(${rules}) rule where right(rule, 1) <> '*'
   union select t.id from unnest(${rules}) rule
     join tenants t on right(rule, 1) = '*' and starts_with(t.id, left(rule, -1))`;
