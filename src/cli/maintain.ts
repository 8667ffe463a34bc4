import { loadSetting } from '../config/config.ts';
import { withSession } from '../db/owner-session.ts';
import { prune } from '../maintenance/retention.ts';
import { runSingle, type CommandResult, type Command } from './command.ts';
import { describeFailure } from './failure.ts';
import { table, type Terminal } from './output.ts';

const MAINTAIN: Command<{ readonly terminal: Terminal }> = {
  summary: 'delete data older than RETENTION_DAYS',
  synopsis: [
    '[--json]',
    'Deletes old events, deliveries, portal launches and audit rows. Run it daily, as the owner of the',
    'tables (DATABASE_MIGRATION_URL), because the service itself may not delete from the audit trail.',
  ],
  operands: [],
  flags: {},
  run: (_args, { terminal }) => maintain(terminal),
};

/** `gatehouse maintain` */
export const maintainCommand = (args: readonly string[], terminal: Terminal): Promise<number> =>
  runSingle('maintain', MAINTAIN, args, { terminal });

async function maintain(terminal: Terminal): Promise<CommandResult> {
  const days = loadSetting('RETENTION_DAYS');
  const owner = loadSetting('DATABASE_MIGRATION_URL') ?? loadSetting('DATABASE_URL');
  const options = { name: 'gatehouse maintain', statementTimeoutMs: STATEMENT_TIMEOUT_MS };
  const pruned = await withSession(owner, options, (client) =>
    prune(client, {
      days,
      onProgress({ table: name, rows }) {
        if (terminal.attended && rows > 0) terminal.err(`\r${name}: ${rows} rows `);
      },
    }),
  );
  const failed = pruned.filter(({ error }) => error !== undefined);
  return {
    data: {
      retention_days: days,
      deleted: pruned.map(({ table: name, rows, error }) => ({
        table: name,
        rows,
        ...(error !== undefined && { error: reasonOf(error) }),
      })),
    },
    text: table(
      ['table', 'deleted', 'failed'],
      pruned.map(({ table: name, rows, error }) => [
        name,
        rows,
        error === undefined ? '' : reasonOf(error),
      ]),
    ),
    note:
      failed.length === 0
        ? `Data older than ${days} days is deleted.`
        : 'Run it again to delete the rest.',
    code: failed.length === 0 ? 0 : 1,
  };
}

/** A batch usually takes milliseconds. A slower one would burden the service, so it is cancelled. */
const STATEMENT_TIMEOUT_MS = 30_000;

const reasonOf = (error: unknown): string => describeFailure(error).lines.join(' ');
