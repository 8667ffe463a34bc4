/** Audit rows: the group commit of the service beside one INSERT per row. */
import type { Rows, RowsRun } from './audit-rows.ts';
import { CONNECTIONS } from './compare.ts';
import { tell, type Bench } from './context.ts';
import { median } from './statistics.ts';
import { printRows, targetPrinter } from './table.ts';

export async function measureRows({ options, files, world, parts }: Bench): Promise<void> {
  tell('rows\n');
  const { amount } = options;
  const rows = parts.start(files.auditRows, { env: { DATABASE_URL: world.databaseUrl } });
  const rounds: Round[] = [];
  const run = (way: RowsRun['way'], of: number, callers: number) =>
    rows.ask<Rows>('run', { way, amount: of, callers } satisfies RowsRun);
  const both = async (of: number, callers: number) => ({
    group: await run('group', of, callers),
    single: await run('single', of, callers),
  });
  await both(amount, CONNECTIONS);
  while (rounds.length < options.rounds)
    rounds.push({ many: await both(amount, CONNECTIONS), alone: await both(200, 1) });
  await rows.stop();
  print(rounds);
}

interface Both {
  readonly group: Rows;
  readonly single: Rows;
}
interface Round {
  readonly many: Both;
  readonly alone: Both;
}

function print(rounds: readonly Round[]): void {
  const row = (way: RowsRun['way']) => ({
    'rows/s': median(rounds.map(({ many }) => many[way].perSecond)),
    'CPU µs': median(rounds.map(({ many }) => many[way].cpuMicros)),
    'p50 ms of a lone caller': median(rounds.map(({ alone }) => alone[way].p50Ms)),
  });
  printRows('Audit rows', [
    ['grouped', row('group')],
    ['one INSERT each', row('single')],
  ]);
  const ratio = (among: keyof Round, of: keyof Rows) =>
    median(rounds.map((round) => round[among].group[of] / round[among].single[of]));
  const target = targetPrinter('rows');
  target('P7', 'audit rows/s, grouped ÷ single', ratio('many', 'perSecond'), 'at least', 2.5);
  target('P7', 'CPU of a row, grouped ÷ single', ratio('many', 'cpuMicros'), 'at most', 0.35);
  target('P7', 'p50 of a lone caller, grouped ÷ single', ratio('alone', 'p50Ms'), 'at most', 1.1);
}
