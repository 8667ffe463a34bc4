import { randomUUID } from 'node:crypto';
import { INSERT_ROWS, recordPermitted, type AuditRow } from '../../audit-trail/writer.ts';
import { checkCancelled } from '../../core/caller.ts';
import type { Actor } from '../../core/identity.ts';
import { sha256 } from '../../core/sha256.ts';
import type { Database } from '../../db/database.ts';
import { createGrouped } from '../../db/group-commit.ts';
import { SPENT_SECONDS } from '../protocol/flow.ts';

/** Name of the row in `settings` with the time since which codes are accepted. */
export const CODES_GOOD_FROM = 'codes_good_from';

export interface CodeToSpend {
  /** WorkOS's code: it may have been sealed into several of Gatehouse's codes. */
  readonly code: string;
  /** Seconds since the login began. */
  readonly age: number;
  readonly actor: Actor;
  readonly tenantId: string | undefined;
}

/** A code that is being exchanged by this attempt. */
export interface SpentCode {
  readonly sha256: Buffer;
  readonly attempt: string;
  readonly actor: Actor;
  readonly tenantId: string | undefined;
}

interface Waiting {
  readonly spent: SpentCode;
  readonly age: number;
}

/** SQL: looks rows up in the index; a join alone may be planned as a scan of all codes. */
const IS_ASKED = 's.sha256 = any(array(select sha256 from asked))';

/**
 * Writes the audit rows and the spent codes of all attempts that wait in one statement, so that no
 * code is exchanged without an audit row. A login that began before the last restore of the database,
 * by the database's clock, is refused. Only the same client can take a code again that was given back.
 * A replay changes nothing, and of several attempts with one code in a statement, one takes it.
 */
export const SPEND = {
  name: 'spend-codes',
  text: `with asked as (
      select n, decode(hex, 'hex') as sha256, attempt, client_id, client_generation
      from jsonb_to_recordset($2::jsonb) as r (n int, hex text, attempt uuid, client_id text, client_generation uuid, age int),
        set_config('lock_timeout', $3, true)
      where not exists (select 1 from settings where name = '${CODES_GOOD_FROM}'
        and value::bigint >= floor(extract(epoch from now())) - age)),
    given_back as (
      select s.sha256, a.attempt from asked a join spent_codes s on s.sha256 = a.sha256
      where ${IS_ASKED} and s.given_back_at is not null and s.client_id is not distinct from a.client_id
        and s.client_generation is not distinct from a.client_generation
      order by s.sha256 for update of s),
    again as (
      update spent_codes s set attempt = g.attempt, given_back_at = null,
        expires_at = now() + interval '${SPENT_SECONDS} seconds'
      from given_back g where ${IS_ASKED} and s.sha256 = g.sha256 and s.given_back_at is not null
      returning s.sha256, s.attempt),
    first as (
      insert into spent_codes (sha256, client_id, client_generation, attempt, expires_at)
      select sha256, client_id, client_generation, attempt, now() + interval '${SPENT_SECONDS} seconds'
      from asked a where not exists (select 1 from again where again.sha256 = a.sha256)
      order by sha256
      on conflict (sha256) do nothing returning attempt),
    taken as (
      select n from asked where attempt in (select attempt from again union all select attempt from first)),
    recorded as (${INSERT_ROWS} where n in (select n from taken))
    select n from taken`,
};

/**
 * Spends a code: succeeds once per code, across replicas, unless it is given back.
 *
 * @returns undefined if the code was spent before, or may have been before the database was restored
 */
export function createSpend(db: Database) {
  const attempts = createGrouped({
    name: 'spend-codes',
    ask: (waiting: readonly Waiting[], lockTimeout) =>
      recordPermitted(
        db,
        SPEND,
        waiting.map((one) => ({ audit: auditRow(one), facts: factsOf(one) })),
        [lockTimeout],
      ),
    overloaded: 'The exchange of codes cannot keep up.',
  });
  return async ({ code, age, actor, tenantId }: CodeToSpend): Promise<SpentCode | undefined> => {
    checkCancelled();
    const spent = { sha256: sha256(code), attempt: randomUUID(), actor, tenantId };
    return (await attempts.add({ spent, age })) ? spent : undefined;
  };
}

const auditRow = ({ spent: { actor, tenantId } }: Waiting): AuditRow => ({
  actor,
  outcome: 'attempted',
  tenantId,
});

const factsOf = ({ spent: { sha256, attempt, actor }, age }: Waiting) => ({
  hex: sha256.toString('hex'),
  attempt,
  client_id: actor.client?.id,
  client_generation: actor.client?.generation,
  age,
});
