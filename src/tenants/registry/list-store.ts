import type { Client, TenantStatus } from '../../core/identity.ts';
import type { Queryable } from '../../core/ports.ts';
import { readPage, type PageQuery, type PageSource, type ResultPage } from '../../db/page.ts';
import {
  coverageOf,
  covers,
  isWithin,
  withoutOverlaps,
  type Coverage,
} from '../../db/tenant-rules.ts';
import type { TenantRow } from '../model/row.ts';
import { COLUMNS } from './row-store.ts';

export interface TenantQuery extends PageQuery {
  readonly status?: TenantStatus | undefined;
  readonly domain?: string | undefined;
  /** A part of the name, in any case. */
  readonly name?: string | undefined;
}

const IS_LISTED = `status <> 'deleted'`;
/** `$2` and `$3`: status and domain, or null. */
const HAS_STATUS = '($2::text is null or status = $2)';
const HAS_DOMAIN = `lower(domains::text)::jsonb @> jsonb_build_array(jsonb_build_object('domain', lower($3::text)))`;
const HAS_THIS_DOMAIN = `($3::text is null or ${HAS_DOMAIN})`;
const HAS_NAME = 'position(lower($4::text) in lower(name)) > 0';
const HAS_THIS_NAME = `($4::text is null or ${HAS_NAME})`;

/** Lists the tenants of a client. Reads a bounded number of rows or index entries, however many tenants there are. */
export async function listTenants(
  db: Queryable,
  { tenants: rules }: Client,
  { status, domain, name, ...page }: TenantQuery,
): Promise<ResultPage<TenantRow>> {
  const read = (source: Pick<PageSource, 'visible' | 'within'>, given: readonly string[]) =>
    readPage<TenantRow>(
      db,
      {
        ...source,
        table: 'tenants',
        columns: COLUMNS,
        where: [IS_LISTED, HAS_STATUS, HAS_THIS_DOMAIN, HAS_THIS_NAME],
        values: [given, status, domain, name],
      },
      page,
    );
  const visible = covers('$1::text[]', 'id');
  if (domain !== undefined) return read({ visible, within: () => WITH_DOMAIN }, rules);
  const coverage = await coverageOf(db, rules);
  if (coverage !== 'many') return read(sourceOf(coverage), coverage === 'all' ? [] : coverage);
  const near = await read({ visible, within: nearest(name) }, rules);
  const { before, after } = near.list_metadata;
  const isFull = (page.before === undefined ? after : before) !== null;
  if (isFull) return near;
  return name !== undefined && HAS_TRIGRAM.test(name)
    ? read({ visible, within: () => WITH_NAME }, rules)
    : read({ visible, within: ofPrefixes(name) }, withoutOverlaps(rules));
}

const sourceOf = (coverage: Exclude<Coverage, 'many'>): Pick<PageSource, 'visible' | 'within'> =>
  coverage === 'all'
    ? { visible: '$1::text[] is not null' }
    : { visible: 'id = any($1::text[])', within: () => FEW };

// `offset 0`: without it Postgres might rather look for these tenants along the index of all.
const WITH_DOMAIN = `(select * from tenants where ${IS_LISTED} and ${HAS_DOMAIN} offset 0) tenants`;
/** An index finds names by three letters or digits in a row. Shorter parts of a name are seldom rare. */
const HAS_TRIGRAM = /[a-z0-9]{3}/i;
const NAME_PATTERN = `'%' || regexp_replace(lower($4::text), '([\\\\%_])', '\\\\\\1', 'g') || '%'`;
const WITH_NAME = `(select * from tenants where ${IS_LISTED} and lower(name) like ${NAME_PATTERN} offset 0) tenants`;
const FEW = '(select * from tenants where id = any($1::text[]) offset 0) tenants';

/** Tenants looked at in the order of the list. Enough where a client may use one in a hundred. */
const LOOKED_AT = 10_000;
/** With a name: enough for a common one. A rare one is not found among a few thousand. */
const LOOKED_AT_BY_NAME = 2_000;
const nearest = (name: string | undefined) => (range: string, order: string) =>
  `(select * from tenants where ${IS_LISTED} and ${HAS_STATUS} and ${range}
    order by ${order} limit ${name === undefined ? LOOKED_AT : LOOKED_AT_BY_NAME}) tenants`;

/** Sorts all tenants of the prefixes, by an index that contains what is needed: 0.1 s for a million, or for 100,000 with a name. */
const ofPrefixes = (name: string | undefined) => (range: string, order: string, limit: string) =>
  `(select id as page_id from unnest($1::text[]) rule cross join lateral (
      select id, created_at from tenants
      where ${isWithin('id', 'rule')} and ${IS_LISTED} and ${HAS_STATUS}
        ${name === undefined ? '' : `and ${HAS_NAME}`} offset 0) own
    where ${range} order by ${order} limit ${limit}) page join tenants on id = page_id`;
