/** Audit rows: the group commit of the service beside one INSERT per row. */
import type { Rows, RowsRun } from './audit-rows.ts';
import { CONNECTIONS } from './compare.ts';
import { tell, type Bench } from './context.ts';
import { median } from './statistics.ts';
import { targetPrinter } from './table.ts';

export async function measureRows({ options, files, world, parts }: Bench): Promise<void> {
  tell('rows\n');
  const { amount, rounds } = options;
  const rows = parts.start(files.auditRows, { env: { DATABASE_URL: world.databaseUrl } });
  const ratios: { rate: number; cpu: number; alone: number }[] = [];
  const run = (way: RowsRun['way'], of: number, callers: number) =>
    rows.ask<Rows>('run', { way, amount: of, callers } satisfies RowsRun);
  await run('group', amount, CONNECTIONS);
  await run('single', amount, CONNECTIONS);
  while (ratios.length < rounds) {
    const group = await run('group', amount, CONNECTIONS);
    const single = await run('single', amount, CONNECTIONS);
    const alone = (await run('group', 200, 1)).p50Ms / (await run('single', 200, 1)).p50Ms;
    ratios.push({
      rate: group.perSecond / single.perSecond,
      cpu: group.cpuMicros / single.cpuMicros,
      alone,
    });
  }
  await rows.stop();
  const of = (key: 'rate' | 'cpu' | 'alone') => median(ratios.map((one) => one[key]));
  console.log('');
  const target = targetPrinter('rows');
  target('P7', 'audit rows/s, grouped ÷ single', of('rate'), 'at least', 2.5);
  target('P7', 'CPU of a row, grouped ÷ single', of('cpu'), 'at most', 0.35);
  target('P7', 'p50 of a lone caller, grouped ÷ single', of('alone'), 'at most', 1.1);
}
