/** The rules of `identity.ts` (`*`, tenant ids, prefixes such as `acme-*`), as SQL. */
import type { Queryable } from '../core/ports.ts';

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
     join tenants t on right(rule, 1) = '*' and ${isWithin('t.id', 'rule')}`;

/**
 * SQL condition: a rule that is not `*` covers the tenant. Unlike `covers` it is a range, which an index can
 * answer: tenant ids contain no character before `-` or after `z`.
 *
 * @param tenant a column with collation "C"
 */
export const isWithin = (tenant: string, rule: string): string => {
  const isPrefix = `right(${rule}, 1) = '*'`;
  return `${tenant} >= case when ${isPrefix} then left(${rule}, -1) else ${rule} end
    and ${tenant} < case when ${isPrefix} then left(${rule}, -1) || '~' else ${rule} || '!' end`;
};

/** The tenants of a client: all, these, or too many to read each one's rows. */
export type Coverage = 'all' | 'many' | readonly string[];

/** Reading the newest rows of so many tenants takes a few milliseconds. */
const FEW = 500;

const FEW_COVERED = {
  name: 'covered-tenants',
  text: `select distinct id from (
      select rule as id from unnest($1::text[]) rule where right(rule, 1) <> '*'
      union all
      select t.id from unnest($1::text[]) rule cross join lateral (
        select id from tenants where ${isWithin('id', 'rule')} limit $2) t
      where right(rule, 1) = '*') covered limit $2`,
};

/** Finds out how a client's rows are best read. Asks the database only if a rule is a prefix. */
export async function coverageOf(db: Queryable, rules: readonly string[]): Promise<Coverage> {
  if (rules.includes('*')) return 'all';
  const ids = rules.some((rule) => rule.endsWith('*'))
    ? (await db.query<{ id: string }>(FEW_COVERED, [rules, FEW + 1])).map(({ id }) => id)
    : [...new Set(rules)];
  return ids.length > FEW ? 'many' : ids;
}

/** Leaves out rules that another one covers, so that no tenant is covered twice. */
export const withoutOverlaps = (rules: readonly string[]): string[] =>
  [...new Set(rules)].filter(
    (rule) =>
      !rules.some(
        (other) => other !== rule && other.endsWith('*') && rule.startsWith(other.slice(0, -1)),
      ),
  );
