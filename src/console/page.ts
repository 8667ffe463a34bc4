import type { Actor } from '../core/identity.ts';
import { isCleanText } from '../core/text.ts';
import type { Session } from './session-store.ts';
import type { View } from './view.ts';

/** A signed-in browser. */
export interface Visitor extends Session {
  /** The value that its forms carry. */
  readonly formToken: string;
}

/** A request of a signed-in operator. */
export interface Visit {
  /** The part of the path that `:id` stands for; empty if the path has none. */
  readonly id: string;
  readonly query: Query;
  readonly now: Date;
}

/** The parameters that a page reads, as it reads them. Those that are absent or empty are left out. */
export type Query = Readonly<Partial<Record<Parameter, string>>>;
export type Parameter =
  | 'after'
  | 'client'
  | 'done'
  | 'older'
  | 'operation'
  | 'q'
  | 'since'
  | 'state'
  | 'status'
  | 'tenant'
  | 'type'
  | 'until'
  | 'user';

export interface Target {
  /** Below `/console`. May end in `/:id`, or contain it before the last part. */
  readonly path: string;
  /** Names the page in the audit trail. */
  readonly name: string;
  /** The parameters that it reads; default: none. The audit trail keeps these and no others. */
  readonly reads?: readonly Parameter[];
  /** The tenant that the visit is about, for the audit trail. */
  readonly tenantOf?: (visit: Visit) => string | undefined;
}

export interface ConsolePage extends Target {
  /** Returns undefined if there is nothing with this id. */
  readonly show: (visit: Visit) => Promise<View | undefined>;
}

export interface ConsoleFile extends Target {
  readonly fileName: string;
  readonly type: string;
  readonly write: (visit: Visit) => AsyncIterable<string>;
}

/** The act behind a button. Each records itself in the audit trail, in the transaction of its effect. */
export interface ConsoleAct {
  readonly path: string;
  /** Names the act in the audit trail. */
  readonly operation: string;
  /** @returns the page to show then, below `/console` */
  readonly run: (fields: URLSearchParams, actor: Actor) => Promise<string>;
}

/** Reads the parameters of a page. Of several with one name it takes the first. */
export const readQuery = (reads: readonly Parameter[] = [], given: URLSearchParams): Query =>
  Object.fromEntries(
    reads
      .map((name) => [name, (given.get(name) ?? '').trim()] as const)
      .filter(([, value]) => value !== ''),
  );

/** Returns what `:id` stands for if the path matches, else undefined. */
export function matchPath(pattern: string, path: string): string | undefined {
  const [before = '', after] = pattern.split(':id');
  if (after === undefined) return path === pattern ? '' : undefined;
  if (!path.startsWith(before) || !path.endsWith(after)) return undefined;
  const id = path.slice(before.length, path.length - after.length);
  return /^[^/]{1,768}$/.test(id) ? decoded(id) : undefined;
}

function decoded(text: string): string | undefined {
  try {
    const id = decodeURIComponent(text);
    return isCleanText(id) ? id : undefined;
  } catch {
    // Not percent-encoded UTF-8, so it names nothing.
    return undefined;
  }
}
