import { recordIn, type AuditRow } from '../audit-trail/writer.ts';
import { columnsOf } from '../db/columns.ts';
import type { Database } from '../db/database.ts';
import { consoleSessions } from '../db/schema/console.ts';

/** A session that has not ended. */
export interface Session {
  readonly id: string;
  readonly operator: string;
  readonly expiresAt: Date;
}

/** A session as the command line lists it; `openedAt` and `expiresAt` are null while its link is unused. */
export interface ListedSession {
  readonly id: string;
  readonly operator: string;
  readonly createdAt: Date;
  readonly linkExpiresAt: Date;
  readonly openedAt: Date | null;
  readonly expiresAt: Date | null;
}

/** Link and session end after this many minutes and hours. */
export const LINK_MINUTES = 10;
export const SESSION_HOURS = 8;

const SESSION = columnsOf(consoleSessions, { only: ['id', 'operator', 'expiresAt'] });
const LISTED = columnsOf(consoleSessions, {
  only: ['id', 'operator', 'createdAt', 'linkExpiresAt', 'openedAt', 'expiresAt'],
});

const IS_UNUSED = 'opened_at is null and ended_at is null and link_expires_at > now()';
const IS_OPEN = 'ended_at is null and expires_at > now()';

const ADD = `insert into console_sessions (id, operator, link_sha256, link_expires_at)
  values ($1, $2, $3, now() + interval '${LINK_MINUTES} minutes') returning link_expires_at as "expiresAt"`;

/** The audit trail keeps who signed in; the rows themselves are of no use a week later. */
const PRUNE = `delete from console_sessions
  where coalesce(expires_at, link_expires_at) < now() - interval '7 days'`;

const OPEN = `update console_sessions
  set opened_at = now(), token_sha256 = $2, expires_at = now() + interval '${SESSION_HOURS} hours'
  where link_sha256 = $1 and ${IS_UNUSED} returning ${SESSION}`;

const END = `update console_sessions set ended_at = now()
  where ($1::text is null or id = $1) and ((${IS_UNUSED}) or (${IS_OPEN})) returning id`;

export type SessionStore = ReturnType<typeof createSessionStore>;

/** Sessions of operators. Stores neither links nor cookies, only their hashes. */
export const createSessionStore = (db: Database) => ({
  /** @returns when the link expires */
  add(id: string, operator: string, linkSha256: Buffer, audit: AuditRow): Promise<Date> {
    return db.transaction(async (tx) => {
      await tx.query(PRUNE);
      const [row] = await tx.query<{ expiresAt: Date }>(ADD, [id, operator, linkSha256]);
      if (!row) throw new Error('The statement returned no row.');
      await recordIn(tx, audit);
      return row.expiresAt;
    });
  },

  /** Returns the operator of a link that can be used, or undefined. Does not use it. */
  async operatorOf(linkSha256: Buffer): Promise<string | undefined> {
    const [row] = await db.query<{ operator: string }>(
      `select operator from console_sessions where link_sha256 = $1 and ${IS_UNUSED}`,
      [linkSha256],
    );
    return row?.operator;
  },

  /** Uses a link. Of concurrent calls one succeeds. @returns undefined if the link cannot be used */
  open(
    linkSha256: Buffer,
    tokenSha256: Buffer,
    auditOf: (session: Session) => AuditRow,
  ): Promise<Session | undefined> {
    return db.transaction(async (tx) => {
      const [session] = await tx.query<Session>(OPEN, [linkSha256, tokenSha256]);
      if (session) await recordIn(tx, auditOf(session));
      return session;
    });
  },

  async find(tokenSha256: Buffer): Promise<Session | undefined> {
    const [session] = await db.query<Session>(
      `select ${SESSION} from console_sessions where token_sha256 = $1 and ${IS_OPEN}`,
      [tokenSha256],
    );
    return session;
  },

  /** False once the session has ended, or if there is none with this id. */
  async isOpen(id: string): Promise<boolean> {
    const rows = await db.query(`select from console_sessions where id = $1 and ${IS_OPEN}`, [id]);
    return rows.length > 0;
  },

  /** Ends a session, or makes its link useless. @param id undefined for all @returns how many have ended */
  end(id: string | undefined, audit: AuditRow): Promise<number> {
    return db.transaction(async (tx) => {
      const ended = await tx.query<{ id: string }>(END, [id]);
      const details = { ...audit.details, sessions: ended.map((row) => row.id) };
      if (ended.length > 0) await recordIn(tx, { ...audit, details });
      return ended.length;
    });
  },

  /** The sessions and links that can be used, newest first. */
  list(): Promise<ListedSession[]> {
    return db.query<ListedSession>(
      `select ${LISTED} from console_sessions where (${IS_UNUSED}) or (${IS_OPEN})
       order by created_at desc, id limit 1000`,
    );
  },
});
