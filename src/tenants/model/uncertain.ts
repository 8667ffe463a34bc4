/**
 * A profile is uncertain while it was sent to WorkOS and no outcome is recorded: the process may
 * have died, the answer may be lost, or the request may arrive late. The row is marked before the
 * request is sent and until it is settled: `profile_unsure` names the attempt,
 * `profile_unsure_fields` the fields that were sent.
 */

/** Longer than all calls of one change take: an older request has arrived, or never will. */
const LANDED_WITHIN = `interval '15 seconds'`;

/** Added to the fields when the row's domains were stored while the mark was set, and so are current. */
export const DOMAINS_RECORDED = 'domains_recorded';

const isOwn = (attempt: string) =>
  `profile_unsure is null or profile_unsure = ${attempt} or ${hasLanded('profile_unsure_since')}`;

/** SQL: a request sent at that time has arrived by now, or never will. */
export const hasLanded = (since: string): string =>
  `coalesce(${since} < now() - ${LANDED_WITHIN}, true)`;

/**
 * SQL: marks these fields as uncertain. If another attempt may still be under way, the mark gets a
 * random attempt id: neither attempt knows which request WorkOS received last.
 */
export const markUncertain = (attempt: string, fields: string): string => `
  profile_unsure = case when ${isOwn(attempt)} then ${attempt} else gen_random_uuid() end,
  profile_unsure_since = now(),
  profile_unsure_fields = array(select distinct unnest(coalesce(profile_unsure_fields, '{}') || ${fields}))`;

/** SQL: clears the mark if it belongs to this attempt alone. @param kept the fields to keep otherwise */
export const clearUncertain = (attempt: string, kept = 'profile_unsure_fields'): string => `
  profile_unsure_fields = case when profile_unsure = ${attempt} then null else ${kept} end,
  profile_unsure_since = case when profile_unsure = ${attempt} then null else profile_unsure_since end,
  profile_unsure = case when profile_unsure = ${attempt} then null else profile_unsure end`;
