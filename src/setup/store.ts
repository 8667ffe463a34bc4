import type { Queryable } from '../core/ports.ts';
import type { Database } from '../db/database.ts';
import { timeOf } from '../core/time.ts';
import type { Fact, Grave, Kind } from './mirror-rows.ts';

/** One thing as the mirror has it. */
export interface MirrorRow {
  readonly kind: Kind;
  readonly id: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly updatedAt: string;
  /** Null: it is there. */
  readonly deletedAt: string | null;
}

/** All that is known of an organization. */
export interface Known {
  /** Null: it was never read whole, so things may be missing. */
  readonly asOf: Date | null;
  /** It was read whole a few seconds ago, by whichever replica. */
  readonly isFresh: boolean;
  readonly rows: readonly MirrorRow[];
}

/** One part of an organization, as a list of WorkOS had it. */
export interface Part {
  readonly facts: readonly Fact[];
  /** What the list would have shown if it existed. */
  readonly kinds: readonly Kind[];
  /** Since the list was asked for. */
  readonly ageSeconds: number;
}

/** Seconds within which an organization is not read again, whoever asks. */
export const FRESH_SECONDS = 3;

/** The feed of WorkOS's events; `read_at` is when it was last read to its end. */
const FEED = 'workos';

const READ = {
  name: 'read-setup',
  text: `select case when r.read_at is not null then greatest(r.read_at, f.read_at) end as "asOf",
      coalesce(r.read_at > now() - interval '${FRESH_SECONDS} seconds', false) as "isFresh",
      (select coalesce(json_agg(json_build_object('kind', m.kind, 'id', m.id, 'data', m.data,
        'updatedAt', m.updated_at, 'deletedAt', m.deleted_at) order by m.id), '[]')
        from mirror m where m.organization_id = $1) as rows
    from (select) one left join mirror_reads r on r.organization_id = $1
      left join feed_cursors f on f.feed = '${FEED}'`,
};

/** A time that lies ahead so far is wrong: it gives way to any other, which it would keep out for ever. */
const AHEAD = `now() + interval '1 day'`;

/*
 * Merged, so that what we noted beside it stays. A tombstone stays one unless it says `absent`:
 * then a list lacked the thing, and lists may lag behind. Nothing is new in a dead organization.
 */
const PUT = {
  name: 'put-mirror',
  text: `insert into mirror as m (kind, id, organization_id, data, updated_at)
    select kind, id, organization_id, data, updated_at
    from jsonb_to_recordset($1::jsonb) as r (kind text, id text, organization_id text, data jsonb, updated_at timestamptz)
    where not exists (select from mirror o
      where o.kind = 'organization' and o.id = r.organization_id and o.deleted_at is not null)
    order by kind, id
    on conflict (kind, id) do update set organization_id = excluded.organization_id,
      data = (m.data - 'absent') || excluded.data, updated_at = excluded.updated_at, deleted_at = null, as_of = now()
    where (m.updated_at <= excluded.updated_at or (m.updated_at > ${AHEAD} and excluded.updated_at <= ${AHEAD}))
      and (m.deleted_at is null or m.data ? 'absent')`,
};

const BURY = {
  name: 'bury-mirror',
  text: `insert into mirror as m (kind, id, organization_id, data, updated_at, deleted_at)
    values ($1, $2, coalesce($3, ''), '{}', $4, $4)
    on conflict (kind, id) do update set data = '{}', as_of = now(),
      deleted_at = case when m.data ? 'absent' then $4 else coalesce(m.deleted_at, $4) end`,
};

/** With an organization goes all that it has; WorkOS does not tell of each. */
const BURY_MEMBERS = {
  name: 'bury-mirror-members',
  text: `update mirror set data = '{}', deleted_at = coalesce(deleted_at, $2), as_of = now()
    where organization_id = $1 and kind <> 'organization'`,
};

/** Not what was learned while the list was under way. */
const MARK_ABSENT = {
  name: 'mark-absent',
  text: `update mirror set deleted_at = now(), data = data || '{"absent": true}', as_of = now()
    where organization_id = $1 and kind = any($2::text[]) and not (id = any($3::text[]))
      and deleted_at is null and as_of < now() - make_interval(secs => $4)`,
};

const NOTE_READ = {
  name: 'note-mirror-read',
  text: `insert into mirror_reads as m (organization_id, read_at) values ($1, now() - make_interval(secs => $2))
    on conflict (organization_id) do update set read_at = greatest(m.read_at, excluded.read_at)`,
};

/** Only the first counts. */
const NOTE_SIGN_IN = {
  name: 'note-sign-in',
  text: `insert into mirror (kind, id, organization_id, data, updated_at) values ('sign_in', $1, $2, '{}', $3)
    on conflict do nothing`,
};

/** How many certificates one statement looks at, however few of them end soon. */
const LOOKED_AT = 1_000;

const CERTIFICATE = `m.id, m.data->>'connection_id' as "connectionId", m.data->>'type' as type,
  m.data->>'expires_at' as "expiresAt",
  case when m.data->'told'->>'expires_at' = m.data->>'expires_at' then (m.data->'told'->>'days')::int end as "toldAhead"`;

/*
 * By the day as text, a little too many: an older release may have kept a time that Postgres cannot
 * read, and one such row would fail the whole statement.
 */
const ENDING = {
  name: 'ending-certificates',
  text: `select m.id, left(m.data->>'expires_at', 10) collate "C"
      between to_char(now() - interval '2 days', 'YYYY-MM-DD')
        and to_char(now() + make_interval(days => $2 + 2), 'YYYY-MM-DD') as "mayEnd"
    from mirror m where m.kind = 'certificate' and m.id > $1 order by m.id limit ${LOOKED_AT}`,
};

/** Locked, so that two processes do not both tell. What was told of a former end does not count. */
const EXPIRING = {
  name: 'expiring-certificate',
  text: `select t.id as "tenantId", ${CERTIFICATE}
    from mirror m join tenants t on t.organization_id = m.organization_id and t.status not in ('provisioning', 'deleted')
    where m.kind = 'certificate' and m.id = $1 and m.deleted_at is null
      and not exists (select from mirror c where c.kind = 'connection'
        and c.id = m.data->>'connection_id' and c.deleted_at is not null)
    for update of m`,
};
const NOTE_TOLD = {
  name: 'note-certificate-told',
  text: `update mirror set data = data || jsonb_build_object('told',
      jsonb_build_object('expires_at', data->'expires_at', 'days', $2::int))
    where kind = 'certificate' and id = $1`,
};

export interface ExpiringCertificate {
  readonly id: string;
  readonly tenantId: string;
  readonly connectionId: string;
  readonly type: string;
  readonly expiresAt: Date;
  /** The nearest of the times ahead, in days, that was told already. Null: none was. */
  readonly toldAhead: number | null;
}

/** Safe to repeat, in any order: the newest stays. */
export async function put(tx: Queryable, facts: readonly Fact[]): Promise<void> {
  if (facts.length === 0) return;
  const rows = facts.map(({ kind, id, organizationId, data, updatedAt }) => ({
    kind,
    id,
    organization_id: organizationId,
    data,
    updated_at: updatedAt,
  }));
  await tx.query(PUT, [JSON.stringify(rows)]);
}

/** Leaves a tombstone, which nothing revives: WorkOS never uses an id again. */
export async function bury(
  tx: Queryable,
  { kind, id, organizationId }: Grave,
  at: Date,
): Promise<void> {
  await tx.query(BURY, [kind, id, kind === 'organization' ? id : organizationId, at]);
  if (kind === 'organization') await tx.query(BURY_MEMBERS, [id, at]);
}

export async function noteSignIn(
  tx: Queryable,
  connectionId: string,
  organizationId: string,
  at: Date,
): Promise<void> {
  await tx.query(NOTE_SIGN_IN, [connectionId, organizationId, at]);
}

export type SetupStore = ReturnType<typeof createSetupStore>;

export const createSetupStore = (db: Database) => ({
  /** Everything, in one statement. */
  async read(organizationId: string): Promise<Known> {
    const [known] = await db.query<Known>(READ, [organizationId]);
    if (!known) throw new Error('A statement that always answers did not.');
    return known;
  },

  /** Keeps what a list had, and marks as absent what it lacked. */
  keep(organizationId: string, { facts, kinds, ageSeconds }: Part): Promise<void> {
    return db.transaction(async (tx) => {
      await put(tx, facts);
      const ids = facts.map(({ id }) => id);
      await tx.query(MARK_ABSENT, [organizationId, kinds, ids, ageSeconds]);
    });
  },

  /** Notes that every part of an organization was read. */
  async noteRead(organizationId: string, ageSeconds: number): Promise<void> {
    await db.query(NOTE_READ, [organizationId, ageSeconds]);
  },

  /** Ids of certificates that may end within so many days, those of one statement at a time. */
  async *ending(days: number): AsyncGenerator<string> {
    for (let after = '', looked = LOOKED_AT; looked === LOOKED_AT;) {
      const rows = await db.query<{ id: string; mayEnd: boolean }>(ENDING, [after, days]);
      yield* rows.filter(({ mayEnd }) => mayEnd).map(({ id }) => id);
      looked = rows.length;
      after = rows.at(-1)?.id ?? after;
    }
  },

  /**
   * Looks at one certificate, in a transaction of its own.
   *
   * @param tell answers for how many days ahead it told, if it did: that is noted
   * @returns whether it told; false also when the certificate is of no tenant or its end cannot be read
   */
  tellOf(
    id: string,
    tell: (tx: Queryable, certificate: ExpiringCertificate) => Promise<number | undefined>,
  ): Promise<boolean> {
    return db.transaction(async (tx) => {
      const [row] = await tx.query<ExpiringCertificate & { expiresAt: unknown }>(EXPIRING, [id]);
      const expiresAt = timeOf(row?.expiresAt);
      const told = row && expiresAt && (await tell(tx, { ...row, expiresAt }));
      if (told === undefined) return false;
      await tx.query(NOTE_TOLD, [id, told]);
      return true;
    });
  },
});
