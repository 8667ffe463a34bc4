import type { AuditWriter } from '../audit-trail/writer.ts';
import * as cards from './cards.ts';
import type { Frame, Link } from './frame.ts';
import {
  matchPath,
  type ConsoleAct,
  type ConsoleFile,
  type ConsolePage,
  type Target,
  type Visit,
  type Visitor,
} from './page.ts';
import type { Reply } from './reply.ts';
import { actorOf } from './sessions.ts';
import { API_HEADERS } from '../http/security-headers.ts';

export interface RouterDeps {
  readonly frame: Frame;
  readonly audit: AuditWriter;
  readonly nav: readonly Link[];
  readonly pages: readonly ConsolePage[];
  readonly files: readonly ConsoleFile[];
  readonly acts: readonly ConsoleAct[];
}

export type Router = ReturnType<typeof createRouter>;

/** Everything that a signed-in operator sees and does. */
export function createRouter({ frame, audit, nav, pages, files, acts }: RouterDeps) {
  /** Resolves once the look is recorded; if it cannot be, the page is not shown. */
  const recordLook = (target: Target, visit: Visit, { operator, id }: Visitor): Promise<void> =>
    audit.record({
      actor: actorOf(operator, 'console look'),
      outcome: 'succeeded',
      tenantId: target.tenantOf?.(visit),
      details: { page: target.name, session: id, ...lookedFor(visit) },
    });

  const exports = { underWay: 0 };

  return {
    async show(path: string, query: URLSearchParams, visitor: Visitor): Promise<Reply> {
      const now = new Date();
      for (const page of pages) {
        const id = matchPath(page.path, path);
        if (id === undefined) continue;
        const visit = { id, query, now };
        const view = await page.show(visit);
        await recordLook(page, visit, visitor);
        return view
          ? frame.page(view, visitor, currentOf(nav, path), now)
          : frame.card(404, cards.NOT_FOUND);
      }
      for (const file of files) {
        if (file.path !== path) continue;
        if (exports.underWay >= MOST_FILES)
          return frame.card(503, cards.BUSY, { 'retry-after': '5' });
        const visit = { id: '', query, now };
        await recordLook(file, visit, visitor);
        return fileReply(file, counted(file.write(visit), exports));
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
const lookedFor = ({ id, query }: Visit): Record<string, string> => ({
  ...(id !== '' && { id }),
  ...Object.fromEntries([...query].filter(([, value]) => value !== '').slice(0, 12)),
});

/** The page of the navigation that a path belongs to. */
const currentOf = (nav: readonly Link[], path: string): string =>
  nav.findLast(({ to }) => to !== '' && `${path}/`.startsWith(`${to}/`))?.to ?? '';

/** Files that are written at once. */
const MOST_FILES = 2;

/** Counts a file as long as it is written; one that is never begun, for HEAD, is not counted. */
async function* counted(
  pieces: AsyncIterable<string>,
  exports: { underWay: number },
): AsyncIterable<string> {
  exports.underWay += 1;
  try {
    yield* pieces;
  } finally {
    exports.underWay -= 1;
  }
}

const fileReply = (file: ConsoleFile, body: AsyncIterable<string>): Reply => ({
  status: 200,
  headers: {
    ...API_HEADERS,
    'content-type': file.type,
    'content-disposition': `attachment; filename="${file.fileName}"`,
  },
  body,
});
