import type { Database } from '../db/database.ts';
import type { Amounts, ByClient } from '../workos/budget/amounts.ts';
import type { Answered, Exchange, Report } from '../workos/budget/exchange.ts';
import type { SubLimit } from '../workos/budget/sub-limit.ts';
import { ALONE_AFTER_MS, FORGOTTEN_AFTER_MS } from '../workos/budget/round.ts';

/** The bucket of the whole budget. */
const ALL = 'all';

const NEW_BUCKET = {
  name: 'upstream-bucket-new',
  text: `insert into upstream_buckets (name, level, updated_at) values ($1, $2, clock_timestamp())
    on conflict (name) do nothing`,
};

/** SQL: the time was written before the database's clock was set back. Holds, the latest times, end within two minutes. */
const isOfLater = (time: string): string => `${time} > clock_timestamp() + interval '3 minutes'`;

/**
 * One round of a process: the bucket fills up with time, less what processes that are out of reach may
 * have used; the process takes its lease, reports, and reads the others' reports. Levels and leases
 * are worked out as in `test/support/budget-ledger.ts`, and a test compares both.
 *
 * Losing the last moments in a crash is harmless, so that nobody waits for the disk.
 */
const MEET = {
  name: 'upstream-meet',
  text: `with quick as materialized (select set_config('synchronous_commit', 'off', true)),
    bucket as materialized (
      select level, updated_at from upstream_buckets, quick where name = '${ALL}' for update of upstream_buckets),
    clock as materialized (select clock_timestamp() as now from bucket),
    absent as materialized (
      select coalesce(sum(share * greatest(0, extract(epoch from
          least(now, seen_at + $5::float8 * interval '1 ms')
          - greatest(updated_at, seen_at + $4::float8 * interval '1 ms')))), 0)::float8 as used
        from upstream_processes, bucket, clock),
    filled as materialized (
      select least($2::float8, greatest(level, -$3::float8) + greatest(0,
          greatest(0, extract(epoch from now - updated_at)::float8) * $1::float8 - used)) as level
        from bucket, clock, absent),
    leases as materialized (
      select after_login, interactive, ordinary,
          least($9::float8, greatest(0, after_login - interactive - ordinary - $12::float8)) as batch
        from filled,
          lateral (select greatest(-$3::float8, least($2::float8, filled.level - $6::float8)) as after_login) a,
          lateral (select least($7::float8, greatest(0, after_login - $10::float8)) as interactive) b,
          lateral (select least($8::float8, greatest(0, after_login - interactive - $11::float8)) as ordinary) c),
    taken as (
      update upstream_buckets set updated_at = now,
          level = after_login - interactive - ordinary - batch
        from leases, clock where name = '${ALL}'
        returning upstream_buckets.level, interactive + ordinary + batch as leased),
    reported as (
      insert into upstream_processes (id, seen_at, share, wants, used)
        select $13, now, $14, $15::jsonb, coalesce($16::jsonb, '{}') from clock
        on conflict (id) do update set seen_at = excluded.seen_at, share = excluded.share,
          wants = excluded.wants, used = coalesce($16::jsonb, upstream_processes.used)),
    held as (
      insert into upstream_holds (operation, until)
        select operation, now + ms * interval '1 ms'
          from unnest($17::text[], $18::float8[]) as told (operation, ms), clock
        on conflict (operation) do update
          set until = greatest(case when not ${isOfLater('upstream_holds.until')} then upstream_holds.until end, excluded.until)),
    gone as (
      delete from upstream_processes p using clock
        where p.id <> $13 and (p.seen_at < now - $5::float8 * interval '1 ms' or ${isOfLater('p.seen_at')})),
    over as (delete from upstream_holds h using clock where (h.until < now or ${isOfLater('h.until')})
        and h.operation <> all ($17::text[])),
    unused as (delete from upstream_buckets b using clock
        where b.name <> '${ALL}' and b.updated_at < now - interval '5 minutes')
    select taken.level, taken.leased,
      (select coalesce(json_agg(json_build_object('id', id, 'ageMs',
          extract(epoch from now - seen_at) * 1000, 'share', share, 'wants', wants, 'used', used)), '[]')
        from upstream_processes, clock where id <> $13 and not ${isOfLater('seen_at')}) as processes,
      (select coalesce(json_object_agg(operation, extract(epoch from until - now) * 1000), '{}')
        from upstream_holds, clock where until > now and not ${isOfLater('until')}) as holds
    from taken`,
};

const LEAVE = `with gone as (delete from upstream_processes where id = $1)
  update upstream_buckets set level = least($3::float8, level + $2::float8) where name = '${ALL}'`;

/** SQL: what bucket `b` holds by now. A bucket that was written before the clock was set back counts as full: otherwise it would not fill up until its time has come again. */
const FILLED = `least($2::float8, b.level + case when b.updated_at > clock_timestamp() + interval '1 minute' then $2::float8
  else greatest(0, extract(epoch from clock_timestamp() - b.updated_at)::float8) * $3::float8 end)`;

/** Takes requests from another bucket, unless it would then hold too few. */
const TAKE = {
  name: 'upstream-bucket-take',
  text: `insert into upstream_buckets as b (name, level, updated_at)
      values ($1, $2::float8 - $4::float8, clock_timestamp())
    on conflict (name) do update set updated_at = clock_timestamp(), level = ${FILLED} - $4::float8
      where ${FILLED} >= $4::float8 + $5::float8
    returning level`,
};

interface Row {
  readonly level: number;
  readonly leased: number;
  readonly processes: readonly {
    readonly id: string;
    readonly ageMs: number;
    readonly share: number;
    readonly wants: Wire;
    readonly used: Wire;
  }[];
  readonly holds: Readonly<Record<string, number>>;
}

/** Amounts by client, as JSON. */
type Wire = Readonly<Record<string, Amounts>>;
const toWire = (some: ByClient): string => JSON.stringify(Object.fromEntries(some));
const fromWire = (wire: Wire): ByClient => new Map(Object.entries(wire));

export type UpstreamBudgetStore = ReturnType<typeof createUpstreamBudgetStore>;

export function createUpstreamBudgetStore(db: Database) {
  const meetOnce = async (report: Report): Promise<Row | undefined> => {
    const { id, policy, take, share, wants, used, holds } = report;
    const { perSecond, burst, mostDebt, floors } = policy;
    const [row] = await db.query<Row>(MEET, [
      ...[perSecond, burst, mostDebt, ALONE_AFTER_MS, FORGOTTEN_AFTER_MS],
      ...[take.login, take.interactive, take.ordinary, take.batch],
      ...[floors.interactive, floors.ordinary, floors.batch],
      ...[id, share, toWire(wants), used ? toWire(used) : null],
      ...[[...holds.keys()], [...holds.values()]],
    ]);
    return row;
  };
  const exchange: Exchange = {
    async meet(report): Promise<Answered> {
      let row = await meetOnce(report);
      if (!row) {
        await db.query(NEW_BUCKET, [ALL, report.policy.burst]);
        row = await meetOnce(report);
      }
      if (!row) throw new Error('The bucket of the budget is missing.');
      return {
        level: row.level,
        granted: row.leased + Math.max(0, report.take.login),
        processes: row.processes.map(({ wants, used, ...one }) => ({
          ...one,
          wants: fromWire(wants),
          used: fromWire(used),
        })),
        holds: new Map(Object.entries(row.holds)),
      };
    },

    async leave(id, left, burst): Promise<void> {
      await db.query(LEAVE, [id, left, burst]);
    },
  };
  return {
    exchange,

    /** Takes a batch of requests. False if fewer than `reserve` would be left in the bucket. */
    async take({ name, most, perSecond, batch }: SubLimit, reserve = 0): Promise<boolean> {
      const rows = await db.query(TAKE, [name, most, perSecond, batch, reserve]);
      return rows.length > 0;
    },
  };
}
