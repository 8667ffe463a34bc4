/** The subject of an entry. */
export type Kind = 'tenant' | 'portal' | 'login' | 'event' | 'request';

/**
 * `started` and `returned` are steps of a login. `attempted` means that no outcome was recorded: the
 * process may have died. `waiting` is an event that is parked.
 */
export type EntryOutcome =
  | 'attempted'
  | 'succeeded'
  | 'failed'
  | 'refused'
  | 'started'
  | 'returned'
  | 'waiting';

/** One entry of a tenant's timeline. */
export interface TimelineEntry {
  /** Unique in the timeline of the tenant, and the same each time it is read. */
  readonly id: string;
  readonly at: Date;
  readonly kind: Kind;
  /** The operationId, the command, or the type of the event. */
  readonly operation: string;
  readonly outcome: EntryOutcome;
  /** Why it failed or was refused: a code of `words/reasons.ts`, of a problem, or of WorkOS. Null if it did not. */
  readonly reason: string | null;
  /** One sentence for people. It may quote a browser or an identity provider, so escape it. */
  readonly text: string;
  /** How often it happened within five minutes. */
  readonly count: number;
  readonly clientId: string | null;
  readonly userId: string | null;
  /** The id that the log and `X-Request-ID` have; of the last request if there were several. Null for events. */
  readonly requestId: string | null;
}

export interface TimelineQuery {
  /** Only entries since then. */
  readonly since?: Date | undefined;
  /** 1 to 200. */
  readonly limit: number;
  /** `next` of the page before. */
  readonly cursor?: string | undefined;
}

/** Newest first. A page may have fewer entries than asked for; there are more as long as `next` is a cursor. */
export interface TimelinePage {
  readonly entries: readonly TimelineEntry[];
  readonly next: string | null;
}

/** A row of one source, with its place there. */
export interface Placed {
  readonly at: Date;
  /** Undefined for a row that is passed over. */
  readonly entry: TimelineEntry | undefined;
  /** The values of the source's order, to continue after this row. */
  readonly key: readonly string[];
}

/** A part of the timeline that is in one order of its own. */
export interface Source {
  /** Reads at most `limit` rows after `key`, newest first. */
  read(query: SourceQuery): Promise<readonly Placed[]>;
}

export interface SourceQuery {
  readonly tenantId: string;
  readonly since: Date | undefined;
  readonly limit: number;
  /** Undefined to begin with the newest. */
  readonly key: readonly string[] | undefined;
}
