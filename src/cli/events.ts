import type { Config } from '../config/config.ts';
import type { Database } from '../db/database.ts';
import { createUpstreamFeed } from '../events/intake/upstream-feed.ts';
import { verifyEvents } from '../maintenance/verify-events.ts';
import type { Upstream } from '../workos/upstream.ts';
import { withUpstream } from './upstream.ts';
import { UsageError, type Arguments } from './arguments.ts';
import { runCommand, type CommandResult, type Commands } from './command.ts';
import { table, type Terminal } from './output.ts';
import { progressLine } from './progress.ts';
import { PARKED } from './parked.ts';
import { sinceOf } from './since.ts';

interface Context {
  readonly terminal: Terminal;
  readonly db: Database;
  readonly config: Config;
}

/** `gatehouse events …` */
export const eventsCommand = (args: readonly string[], context: Context): Promise<number> =>
  runCommand('events', COMMANDS, args, context);

const COMMANDS: Commands<Context> = {
  verify: {
    summary: 'read WorkOS’s event feed and list the events that Gatehouse has not received',
    synopsis: [
      '[--since <time or duration>] [--json]',
      '--since 2030-01-31T12:00:00Z, or 90m, 24h (the default), 7d; 30 days at most.',
      'Exit code 0 if none is missing, else 1. Changes nothing.',
    ],
    operands: [],
    flags: { since: 'one' },
    run: (args, context) => withUpstream(context, (upstream) => verify(args, context, upstream)),
  },
  parked: PARKED,
};

async function verify(
  args: Arguments,
  { db, terminal }: Context,
  upstream: Upstream,
): Promise<CommandResult> {
  const since = timeOf(args.one('since') ?? '24h');
  const feed = createUpstreamFeed(upstream);
  const progress = progressLine(terminal);
  const { read, until, missing } = await verifyEvents({ db, feed }, since, (count) => {
    progress.show(`${count} events read`);
  });
  progress.clear();
  const gaps = missing.map(({ id, event, created_at }) => ({ id, event, created_at }));
  return {
    data: { since: since.toISOString(), until: until.toISOString(), read, gaps },
    text:
      gaps.length > 0
        ? table(
            ['event', 'what', 'created'],
            gaps.map(({ id, event, created_at }) => [id, event, created_at]),
          )
        : '',
    note: `${read} events, ${gaps.length} missing, until ${until.toISOString()}`,
    ...(gaps.length > 0 && { code: 1 }),
  };
}

/** Plus a minute, because `30d` was exactly that long ago when it was typed. */
const LONGEST_MS = 30 * 86_400_000 + 60_000;

/** @throws UsageError */
function timeOf(text: string): Date {
  const time = sinceOf(text);
  if (time.getTime() < Date.now() - LONGEST_MS)
    throw new UsageError('--since must be within the last 30 days, the most that WorkOS lists');
  return time;
}
