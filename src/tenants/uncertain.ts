/**
 * A profile that was sent to WorkOS and whose outcome nobody has recorded: the sender may have died,
 * its answer may be lost, or it may land late. The row remembers that from before it is sent until
 * it is settled: `profile_unsure` names the attempt, `profile_unsure_fields` what was sent.
 */

/** Longer than the calls of one change take together: what was sent before has landed, or never will. */
const LANDED_WITHIN = `interval '15 seconds'`;

/** The domains as the row has them were recorded while the mark was there, and so are WorkOS's latest. */
export const DOMAINS_RECORDED = 'domains_recorded';

const isOwn = (attempt: string) =>
  `profile_unsure is null or profile_unsure = ${attempt} or ${hasLanded('profile_unsure_since')}`;

/** Whether whatever was sent then has landed by now. */
export const hasLanded = (since: string): string =>
  `coalesce(${since} < now() - ${LANDED_WITHIN}, true)`;

/**
 * SQL: remembers that these fields are about to be sent. Where another attempt may still be under
 * way the mark is nobody's: none of them knows which one WorkOS heard last.
 */
export const markUncertain = (attempt: string, fields: string): string => `
  profile_unsure = case when ${isOwn(attempt)} then ${attempt} else gen_random_uuid() end,
  profile_unsure_since = now(),
  profile_unsure_fields = array(select distinct unnest(coalesce(profile_unsure_fields, '{}') || ${fields}))`;

/** SQL: forgets the mark if it is this attempt’s alone. @param kept the fields otherwise */
export const clearUncertain = (attempt: string, kept = 'profile_unsure_fields'): string => `
  profile_unsure_fields = case when profile_unsure = ${attempt} then null else ${kept} end,
  profile_unsure_since = case when profile_unsure = ${attempt} then null else profile_unsure_since end,
  profile_unsure = case when profile_unsure = ${attempt} then null else profile_unsure end`;
