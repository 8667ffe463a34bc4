import { loadSetting } from '../config/config.ts';
import type { Secret } from '../core/secret.ts';
import { asQueryable, isAheadOfUs, setRetention, takeLock } from '../db/migrate.ts';
import { withSession } from '../db/owner-session.ts';
import { settlePartitions } from '../db/partitions.ts';
import { prune } from '../maintenance/retention.ts';
import { runSingle, type CommandResult, type Command } from './command.ts';
import { describeFailure } from './failure.ts';
import { roleOf } from './migrate.ts';
import { asOwner } from './owner.ts';
import { table, type Terminal } from './output.ts';
import { progressLine } from './progress.ts';

const MAINTAIN: Command<{ readonly terminal: Terminal }> = {
  summary: 'delete data older than RETENTION_DAYS',
  synopsis: [
    '[--json]',
    'Deletes old events, deliveries, portal launches and audit rows, and keeps partitions. The leading worker',
    'does the same once an hour. Run it as the owner of the tables (DATABASE_MIGRATION_URL): after a change of',
    'RETENTION_DAYS, and when rows are in a default partition, which only the owner can give bounds.',
    'Exit code 1 if data of a table could not be deleted: run it again.',
  ],
  operands: [],
  flags: {},
  run: (_args, { terminal }) => asOwner((owner) => maintain(terminal, owner)),
};

/** `gatehouse maintain` */
export const maintainCommand = (args: readonly string[], terminal: Terminal): Promise<number> =>
  runSingle('maintain', MAINTAIN, args, { terminal });

async function maintain(terminal: Terminal, owner: Secret): Promise<CommandResult> {
  const days = loadSetting('RETENTION_DAYS');
  const options = { name: 'gatehouse maintain', statementTimeoutMs: STATEMENT_TIMEOUT_MS };
  const role = roleOf(loadSetting('DATABASE_URL'));
  const progress = progressLine(terminal);
  const { isAhead, partitions, pruned } = await withSession(owner, options, async (client) => {
    await takeLock(client, () =>
      terminal.err('Another migrate or maintain runs; this one waits.\n'),
    );
    const ahead = await isAheadOfUs(asQueryable(client));
    if (ahead) terminal.err(OTHER_RETENTION);
    else await setRetention(client, role, days);
    const deleted = await prune(asQueryable(client), {
      days,
      onProgress({ table: name, rows }) {
        if (rows > 0) progress.show(`${name}: ${rows} rows`);
      },
    });
    progress.clear();
    return {
      isAhead: ahead,
      pruned: deleted,
      partitions: await settlePartitions(client, days),
    };
  });
  const failed = pruned.filter(({ error }) => error !== undefined);
  return {
    data: {
      retention_days: days,
      partitions,
      deleted: pruned.map(({ table: name, rows, error }) => ({
        table: name,
        rows,
        ...(error !== undefined && { error: reasonOf(error) }),
      })),
    },
    text: [
      ...partitions,
      table(
        ['table', 'deleted', 'failed'],
        pruned.map(({ table: name, rows, error }) => [
          name,
          rows,
          error === undefined ? '' : reasonOf(error),
        ]),
      ),
    ].join('\n'),
    note:
      failed.length === 0
        ? `Data older than ${days} days is deleted${isAhead ? ', unless the later release keeps it for longer' : ''}.`
        : 'Run it again to delete the rest.',
    code: failed.length === 0 ? 0 : 1,
  };
}

const OTHER_RETENTION =
  'A later release has migrated the database, so the retention that it has set stays; to change it, run maintain of that release.\n';

/** Reading a default partition with millions of rows takes seconds, and blocks nobody. */
const STATEMENT_TIMEOUT_MS = 600_000;

const reasonOf = (error: unknown): string => describeFailure(error).lines.join(' ');
