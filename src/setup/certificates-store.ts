import type { Queryable } from '../core/ports.ts';
import { timeOf } from '../core/time.ts';
import type { Database } from '../db/database.ts';

export interface ExpiringCertificate {
  readonly id: string;
  readonly tenantId: string;
  readonly connectionId: string;
  readonly type: string;
  readonly expiresAt: Date;
  /** Smallest number of days ahead that was announced; null if none was. */
  readonly announcedAhead: number | null;
}

/** Certificates per statement. */
const PAGE = 1_000;

const CERTIFICATE = `m.id, m.data->>'connection_id' as "connectionId", m.data->>'type' as type,
  m.data->>'expires_at' as "expiresAt",
  case when m.data->'told'->>'expires_at' = m.data->>'expires_at' then (m.data->'told'->>'days')::int end as "announcedAhead"`;

/** SQL: the certificate's last day, as text. */
const LAST_DAY = `left(m.data->>'expires_at', 10) collate "C"`;
const dayAhead = (days: string) => `to_char(now() + make_interval(days => ${days}), 'YYYY-MM-DD')`;
/** SQL: it was announced, and is not near the next number of days ahead. So most are not looked at each hour. */
const IS_ANNOUNCED = `coalesce(m.data->'told'->>'expires_at' = m.data->>'expires_at' and ${LAST_DAY} >
  ${dayAhead(`coalesce((select max(ahead) from unnest($2::int[]) ahead where ahead < (m.data->'told'->>'days')::int) + 2, -2)`)}, false)`;

/*
 * Compares days as text and selects a few too many: an older release may have stored a time that
 * Postgres cannot parse, and one such row would fail the whole statement.
 */
const MAY_EXPIRE = {
  name: 'ending-certificates',
  text: `select m.id, ${LAST_DAY} between ${dayAhead('-2')}
        and ${dayAhead('(select max(ahead) from unnest($2::int[]) ahead) + 2')} and not ${IS_ANNOUNCED} as "mayExpire"
    from mirror m where m.kind = 'certificate' and m.id > $1 order by m.id limit ${PAGE}`,
};

/** Locks the row, so that only one process announces it. Announcements of a former expiry do not count. */
const EXPIRING = {
  name: 'expiring-certificate',
  text: `select t.id as "tenantId", ${CERTIFICATE}
    from mirror m join tenants t on t.organization_id = m.organization_id and t.status not in ('provisioning', 'deleted')
    where m.kind = 'certificate' and m.id = $1 and m.deleted_at is null
      and not exists (select from mirror c where c.kind = 'connection'
        and c.id = m.data->>'connection_id' and c.deleted_at is not null)
    for update of m`,
};
const RECORD_ANNOUNCEMENT = {
  name: 'record-certificate-announcement',
  text: `update mirror set data = data || jsonb_build_object('told',
      jsonb_build_object('expires_at', data->'expires_at', 'days', $2::int))
    where kind = 'certificate' and id = $1`,
};

export type CertificateStore = ReturnType<typeof createCertificateStore>;

/** The certificates in the mirror that are about to expire. */
export const createCertificateStore = (db: Database) => ({
  /** Yields the ids of certificates that may have to be announced, each once for some numbers of days ahead. */
  async *mayBeDue(ahead: readonly number[]): AsyncGenerator<string> {
    for (let after = '', looked = PAGE; looked === PAGE;) {
      const rows = await db.query<{ id: string; mayExpire: boolean }>(MAY_EXPIRE, [after, ahead]);
      yield* rows.filter(({ mayExpire }) => mayExpire).map(({ id }) => id);
      looked = rows.length;
      after = rows.at(-1)?.id ?? after;
    }
  },

  /**
   * Announces one certificate, in a transaction of its own.
   *
   * @param announce returns for how many days ahead it announced, which is recorded, or undefined
   * @returns true if it was announced; false also if it has no tenant or its expiry cannot be parsed
   */
  announceOne(
    id: string,
    announce: (tx: Queryable, certificate: ExpiringCertificate) => Promise<number | undefined>,
  ): Promise<boolean> {
    return db.transaction(async (tx) => {
      const [row] = await tx.query<ExpiringCertificate & { expiresAt: unknown }>(EXPIRING, [id]);
      const expiresAt = timeOf(row?.expiresAt);
      const ahead = row && expiresAt && (await announce(tx, { ...row, expiresAt }));
      if (ahead === undefined) return false;
      await tx.query(RECORD_ANNOUNCEMENT, [id, ahead]);
      return true;
    });
  },
});
