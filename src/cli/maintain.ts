import { loadSetting } from '../config.ts';
import { openDatabase } from '../db/database.ts';
import { prune } from '../db/retention.ts';
import { runSingle, type Answer, type Command } from './command.ts';
import { table, type Terminal } from './output.ts';

const MAINTAIN: Command<{ readonly terminal: Terminal }> = {
  summary: 'delete what is older than RETENTION_DAYS',
  synopsis: [
    '[--json]',
    'Events and their deliveries, portal launches, the audit trail. Run it daily, as the owner of',
    'the tables (DATABASE_MIGRATION_URL): the service itself may not delete from the audit trail.',
  ],
  operands: [],
  flags: {},
  run: (_args, { terminal }) => maintain(terminal),
};

/** `gatehouse maintain` */
export const maintainCommand = (args: readonly string[], terminal: Terminal): Promise<number> =>
  runSingle('maintain', MAINTAIN, args, { terminal });

async function maintain(terminal: Terminal): Promise<Answer> {
  const days = loadSetting('RETENTION_DAYS');
  const owner = loadSetting('DATABASE_MIGRATION_URL') ?? loadSetting('DATABASE_URL');
  const db = openDatabase({ url: owner, max: 1 });
  try {
    const pruned = await prune(db, days, ({ table: name, rows }) => {
      if (terminal.attended && rows > 0) terminal.err(`\r${name}: ${rows} rows `);
    });
    return {
      data: { retention_days: days, deleted: pruned },
      text: table(
        ['table', 'deleted'],
        pruned.map(({ table: name, rows }) => [name, String(rows)]),
      ),
      note: `What is older than ${days} days is gone.`,
    };
  } finally {
    await db.close();
  }
}
