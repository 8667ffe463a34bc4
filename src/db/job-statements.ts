/** The schema of the job library's tables, which `job-schema.ts` creates. */
export const JOB_SCHEMA = 'pgboss';
const JOBS = `${JOB_SCHEMA}.job`;

/** The condition of the indexes of `JOB_INDEXES`. A statement needs it word for word to use them. */
const IS_WAITING = `state < 'active' and not blocked`;
const IS_ASIDE = `data ? 'aside'`;

/*
 * The library's statements read every waiting job, due or not, each time. An endpoint that fails for days
 * leaves millions of them, and then no delivery of anybody would be found within the statement timeout.
 * These read a few entries of an index for each group, however many jobs it has.
 */
const WAITING_GROUPS = `recursive groups (group_id, start_after) as (
    (select group_id, start_after from ${JOBS} where name = $1 and ${IS_WAITING}
      order by group_id, start_after limit 1)
    union all
    select next.group_id, next.start_after from groups cross join lateral (
      select j.group_id, j.start_after from ${JOBS} j
      where j.name = $1 and ${IS_WAITING} and j.group_id > groups.group_id
      order by j.group_id, j.start_after limit 1) next)`;

/**
 * Starts the oldest due jobs of each group that has free places: those of the group that waits longest first.
 * Parameters: queue, how many jobs, how many of a group may run, groups to leave out.
 */
export const START_DUE = `with ${WAITING_GROUPS},
    running as (select group_id, count(*) as count from ${JOBS}
      where name = $1 and state = 'active' and group_id is not null group by group_id),
    served as (select g.group_id, $3::int - coalesce(r.count, 0) as free
      from groups g left join running r on r.group_id = g.group_id
      where g.start_after <= now() and g.group_id <> all($4::text[]) and coalesce(r.count, 0) < $3::int
      order by g.start_after limit $2),
    due as (select job.id from served cross join lateral (
        select id from ${JOBS}
        where name = $1 and ${IS_WAITING} and group_id = served.group_id and start_after <= now()
        order by group_id, start_after limit served.free for update skip locked) job
      limit $2)
    update ${JOBS} set state = 'active', started_on = now()
      where name = $1 and id = any(array(select id from due)) returning id, data, group_id`;

/** Key of the advisory lock of whoever starts jobs. */
const STARTING = 7_201_900_115;

/**
 * Lets one worker at a time start jobs. Two at once would not see each other's, and both fill up the places of a
 * group. In a function, because each of its statements sees what was committed before it began. Without sorts
 * and sequential scans where there is an index: a session keeps a plan, and one that was made while no job waited
 * would read all waiting jobs for each group.
 */
export const TAKE_DUE_FUNCTION = `
  create or replace function ${JOB_SCHEMA}.take_due_jobs(text, integer, integer, text[])
    returns table (id uuid, data jsonb, group_id text) language plpgsql volatile
    set enable_seqscan = off set enable_sort = off as $$
    #variable_conflict use_column
    begin
      perform pg_advisory_xact_lock(${STARTING});
      return query ${START_DUE};
    end $$`;
export const TAKE_DUE = {
  name: 'jobs-take-due',
  text: `select id, data, group_id as "group" from ${JOB_SCHEMA}.take_due_jobs($1, $2, $3, $4)`,
};

/**
 * Has no name, so that it is planned each time: the plan of a session that began while there was no job would read all
 * jobs, 0.5 s with 300,000, until Postgres analyses the table. Planning takes 0.1 ms, for all that are removed together.
 */
export const REMOVE = `delete from ${JOBS} where name = $1 and id = any($2::uuid[]) returning id`;

/** Returns jobs to the queue whose time is over: the process that started them has ended, or hangs. */
export const RETURN_EXPIRED = `update ${JOBS} set state = 'retry', retry_count = retry_count + 1
  where name = $1 and state = 'active' and group_id is not null
    and started_on + make_interval(secs => expire_seconds) < now()`;

export const RUN_NOW = `update ${JOBS} set start_after = now()
  where name = $1 and singleton_key = $2 and ${IS_WAITING} returning 1`;

/** Jobs per statement, so that none comes near the timeout. */
export const ASIDE_AT_ONCE = 5_000;

export const RUN_ASIDE_NOW = `update ${JOBS} set start_after = now()
  where name = $1 and id = any(array(select id from ${JOBS}
    where name = $1 and ${IS_WAITING} and ${IS_ASIDE} and start_after > now() limit ${ASIDE_AT_ONCE})) returning 1`;

export const BACKLOG = `with ${WAITING_GROUPS}
  select (select count(*)::int from (select from ${JOBS}
      where name = $1 and state < 'completed' limit 100000) as counted) as waiting,
    coalesce(greatest(extract(epoch from now() - (select min(start_after) from groups)), 0)::float8, 0) as "oldestDue"`;

/**
 * Indexes for these statements on the table of the library that holds the jobs, by name. Each job
 * enters them once, and leaves them when it starts.
 */
export const JOB_INDEXES: Readonly<Record<string, string>> = {
  job_waiting_by_group: `(name, group_id, start_after) where ${IS_WAITING}`,
  job_waiting_by_key: `using hash (singleton_key) where ${IS_WAITING}`,
  job_waiting_aside: `(name, start_after) where ${IS_WAITING} and ${IS_ASIDE}`,
};
