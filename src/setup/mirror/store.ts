import type { Queryable } from '../../core/ports.ts';
import type { Database } from '../../db/database.ts';
import type { MirrorEntry, DeletedEntry, Kind } from './rows.ts';

/** One object in the mirror. */
export interface MirrorRow {
  readonly kind: Kind;
  readonly id: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly updatedAt: string;
  /** Null if the object exists. */
  readonly deletedAt: string | null;
}

/** The mirror of one organization. */
export interface Mirror {
  /** Null if the organization was never read completely, so objects may be missing. */
  readonly asOf: Date | null;
  /** True if some replica read it completely within the last seconds. */
  readonly isFresh: boolean;
  readonly rows: readonly MirrorRow[];
}

/** One part of an organization, as listed by WorkOS. */
export interface Part {
  readonly entries: readonly MirrorEntry[];
  /** Kinds of which the list is complete. */
  readonly kinds: readonly Kind[];
  /** Seconds since the list was requested. */
  readonly ageSeconds: number;
}

/** An organization is read at most once within this many seconds. */
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

/** An `updated_at` after this is wrong. Any time before it replaces it; otherwise it would block every update. */
const AHEAD = `now() + interval '1 day'`;

/*
 * Merges the data, so that Gatehouse's own notes stay. A tombstone is only revived if it is marked
 * `absent`: a list lacked the object, and lists may lag behind. A deleted organization gets no new rows.
 */
const PUT = {
  name: 'put-mirror',
  text: `insert into mirror as m (kind, id, organization_id, data, updated_at, as_of)
    select kind, id, organization_id, data, updated_at, now() - make_interval(secs => $2)
    from jsonb_to_recordset($1::jsonb) as r (kind text, id text, organization_id text, data jsonb, updated_at timestamptz)
    where not exists (select from mirror o
      where o.kind = 'organization' and o.id = r.organization_id and o.deleted_at is not null)
    order by kind, id
    on conflict (kind, id) do update set organization_id = excluded.organization_id,
      data = (m.data - 'absent') || excluded.data, updated_at = excluded.updated_at, deleted_at = null, as_of = excluded.as_of
    where (m.updated_at <= excluded.updated_at or (m.updated_at > ${AHEAD} and excluded.updated_at <= ${AHEAD}))
      and (m.deleted_at is null or m.data ? 'absent')`,
};

const MARK_DELETED = {
  name: 'mark-deleted-mirror',
  text: `insert into mirror as m (kind, id, organization_id, data, updated_at, deleted_at)
    values ($1, $2, coalesce($3, ''), '{}', $4, $4)
    on conflict (kind, id) do update set data = '{}', as_of = now(),
      deleted_at = case when m.data ? 'absent' then $4 else coalesce(m.deleted_at, $4) end`,
};

/** WorkOS sends no event for each object of a deleted organization. */
const MARK_MEMBERS_DELETED = {
  name: 'mark-deleted-mirror-members',
  text: `update mirror set data = '{}', deleted_at = coalesce(deleted_at, $2), as_of = now()
    where organization_id = $1 and kind <> 'organization'`,
};

/** Skips rows that were updated after the list was requested. */
const MARK_ABSENT = {
  name: 'mark-absent',
  text: `update mirror set deleted_at = now(), data = data || '{"absent": true}', as_of = now()
    where organization_id = $1 and kind = any($2::text[]) and not (id = any($3::text[]))
      and deleted_at is null and as_of < now() - make_interval(secs => $4)`,
};

const RECORD_READ = {
  name: 'note-mirror-read',
  text: `insert into mirror_reads as m (organization_id, read_at) values ($1, now() - make_interval(secs => $2))
    on conflict (organization_id) do update set read_at = greatest(m.read_at, excluded.read_at)`,
};

/** Keeps only the first sign-in of a connection. */
const RECORD_SIGN_IN = {
  name: 'note-sign-in',
  text: `insert into mirror (kind, id, organization_id, data, updated_at) values ('sign_in', $1, $2, '{}', $3)
    on conflict do nothing`,
};

/**
 * Upserts entries. Idempotent and independent of their order: the newest wins.
 *
 * @param ageSeconds since they were requested
 */
export async function put(
  tx: Queryable,
  entries: readonly MirrorEntry[],
  ageSeconds = 0,
): Promise<void> {
  if (entries.length === 0) return;
  const rows = entries.map(({ kind, id, organizationId, data, updatedAt }) => ({
    kind,
    id,
    organization_id: organizationId,
    data,
    updated_at: updatedAt,
  }));
  await tx.query(PUT, [JSON.stringify(rows), ageSeconds]);
}

/** Leaves a tombstone. It is final, because WorkOS never reuses an id. */
export async function markDeleted(
  tx: Queryable,
  { kind, id, organizationId }: DeletedEntry,
  at: Date,
): Promise<void> {
  await tx.query(MARK_DELETED, [kind, id, kind === 'organization' ? id : organizationId, at]);
  if (kind === 'organization') await tx.query(MARK_MEMBERS_DELETED, [id, at]);
}

export async function noteSignIn(
  tx: Queryable,
  connectionId: string,
  organizationId: string,
  at: Date,
): Promise<void> {
  await tx.query(RECORD_SIGN_IN, [connectionId, organizationId, at]);
}

export type SetupStore = ReturnType<typeof createSetupStore>;

export const createSetupStore = (db: Database) => ({
  /** Reads an organization's mirror in one statement. */
  async read(organizationId: string): Promise<Mirror> {
    const [known] = await db.query<Mirror>(READ, [organizationId]);
    if (!known) throw new Error('The statement returned no row.');
    return known;
  },

  /** Stores the objects of a list, and marks those it lacks as absent. */
  keep(organizationId: string, { entries, kinds, ageSeconds }: Part): Promise<void> {
    return db.transaction(async (tx) => {
      await put(tx, entries);
      const ids = entries.map(({ id }) => id);
      await tx.query(MARK_ABSENT, [organizationId, kinds, ids, ageSeconds]);
    });
  },

  /** Records that every part of an organization was read. */
  async noteRead(organizationId: string, ageSeconds: number): Promise<void> {
    await db.query(RECORD_READ, [organizationId, ageSeconds]);
  },
});
