import type { AuditWriter } from '../audit-trail/writer.ts';
import { Cancelled } from '../core/cancellation.ts';
import * as cards from './cards.ts';
import type { Frame, Link } from './frame.ts';
import {
  matchPath,
  readQuery,
  type ConsoleAct,
  type ConsoleFile,
  type ConsolePage,
  type Target,
  type Visit,
  type Visitor,
} from './page.ts';
import type { Reply } from './reply.ts';
import { actorOf } from './sessions.ts';
import { createPlaces } from './slots.ts';
import { API_HEADERS } from '../http/security-headers.ts';
import { LOOK } from '../timeline/sources/audit-store.ts';

export interface RouterDeps {
  readonly frame: Frame;
  readonly audit: AuditWriter;
  readonly nav: readonly Link[];
  readonly pages: readonly ConsolePage[];
  readonly files: readonly ConsoleFile[];
  readonly acts: readonly ConsoleAct[];
  /** False once the session has ended. */
  readonly isOpen: (sessionId: string) => Promise<boolean>;
}

export type Router = ReturnType<typeof createRouter>;

/** Everything that a signed-in operator sees and does. */
export function createRouter(deps: RouterDeps) {
  const { frame, audit, nav, pages, files, acts } = deps;
  /** Resolves once the look is recorded; if it cannot be, the page is not shown. */
  const recordLook = (target: Target, visit: Visit, { operator, id }: Visitor): Promise<void> =>
    audit.record({
      actor: actorOf(operator, LOOK),
      outcome: 'succeeded',
      tenantId: target.tenantOf?.(visit),
      details: { page: target.name, session: id, ...lookedFor(visit) },
    });

  const exports = createPlaces(MOST_FILES);
  const exported = async (file: ConsoleFile, visit: Visit, visitor: Visitor): Promise<Reply> => {
    const leave = exports.enter();
    if (!leave) return frame.card(503, cards.BUSY, { 'retry-after': '5' });
    try {
      await recordLook(file, visit, visitor);
      return fileReply(
        file,
        whileOpen(file.write(visit), () => deps.isOpen(visitor.id)),
        leave,
      );
    } catch (error) {
      leave();
      throw error;
    }
  };

  return {
    async show(path: string, query: URLSearchParams, visitor: Visitor): Promise<Reply> {
      const now = new Date();
      for (const page of pages) {
        const id = matchPath(page.path, path);
        if (id === undefined) continue;
        const visit = { id, query: readQuery(page.reads, query), now };
        const view = await page.show(visit);
        await recordLook(page, visit, visitor);
        return view
          ? frame.page(view, visitor, currentOf(nav, path), now)
          : frame.card(404, cards.NOT_FOUND);
      }
      for (const file of files) {
        if (file.path !== path) continue;
        const visit = { id: '', query: readQuery(file.reads, query), now };
        return exported(file, visit, visitor);
      }
      return frame.card(404, cards.NOT_FOUND);
    },

    async act(path: string, form: URLSearchParams, { operator }: Visitor): Promise<Reply> {
      const act = acts.find((one) => one.path === path);
      if (!act) return frame.card(404, cards.NOT_FOUND);
      return frame.redirect(await act.run(form, actorOf(operator, act.operation)));
    },
  };
}

/** The id and the filters of a visit, for the audit trail. */
const lookedFor = ({ id, query }: Visit) => ({
  ...(id !== '' && { id }),
  ...(Object.keys(query).length > 0 && { filters: query }),
});

/** The page of the navigation that a path belongs to. */
const currentOf = (nav: readonly Link[], path: string): string =>
  nav.findLast(({ to }) => to !== '' && `${path}/`.startsWith(`${to}/`))?.to ?? '';

/** Files that are written at once. */
const MOST_FILES = 2;

/** Breaks a file off once nobody may have the rest. @throws Cancelled */
async function* whileOpen(
  pieces: AsyncIterable<string>,
  isOpen: () => Promise<boolean>,
): AsyncIterable<string> {
  for await (const piece of pieces) {
    if (!(await isOpen())) throw new Cancelled('The session has ended.');
    yield piece;
  }
}

const fileReply = (file: ConsoleFile, body: AsyncIterable<string>, done: () => void): Reply => ({
  status: 200,
  headers: {
    ...API_HEADERS,
    'content-type': file.type,
    'content-disposition': `attachment; filename="${file.fileName}"`,
  },
  body,
  done,
});
