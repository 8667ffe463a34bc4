import type { Logger } from 'pino';
import type { AuditWriter } from '../audit-trail/writer.ts';
import type { Database } from '../db/database.ts';
import { backlogOf } from '../events/inbox/store.ts';
import { budgetSeenBy, type UpstreamBudgetDeps } from '../upstream-budget/service.ts';
import { readEndpoints } from './deliveries-store.ts';
import { EVERY_TENANT } from './every-tenant.ts';
import { createFrame } from './frame.ts';
import { createConsoleHandler, type ConsoleHandler } from './handler.ts';
import { readTroubles } from './overview-store.ts';
import { budgetPage } from './pages/budget.ts';
import { overviewPage } from './pages/overview.ts';
import { createRouter } from './router.ts';
import { createSessions } from './sessions.ts';
import { createSessionStore } from './session-store.ts';
import { createSignIn } from './sign-in.ts';

export interface ConsoleDeps {
  readonly db: Database;
  readonly audit: AuditWriter;
  readonly upstreamBudget: UpstreamBudgetDeps;
  readonly logger: Logger;
  readonly brandColor: string;
  readonly consoleUrl: string | undefined;
  readonly isReady: () => boolean;
}

const NAV = [
  { to: '', text: 'Overview' },
  { to: '/budget', text: 'Budget' },
] as const;

/** The map of the console: its pages, with what each reads. */
export function createConsole({ db, audit, logger, ...deps }: ConsoleDeps): ConsoleHandler {
  const { brandColor, consoleUrl, isReady } = deps;
  const frame = createFrame({ brandColor, nav: NAV });
  const budget = () => budgetSeenBy(EVERY_TENANT, deps.upstreamBudget);
  const router = createRouter({
    frame,
    audit,
    nav: NAV,
    pages: [
      overviewPage({
        troubles: () => readTroubles(db),
        backlog: () => backlogOf(db),
        endpoints: () => readEndpoints(db),
        budget,
      }),
      budgetPage(budget),
    ],
    files: [],
    acts: [],
  });
  const sessions = createSessions(createSessionStore(db));
  const signIn = createSignIn({ sessions, frame, consoleUrl });
  return createConsoleHandler({ frame, signIn, router, logger, consoleUrl, isReady });
}
