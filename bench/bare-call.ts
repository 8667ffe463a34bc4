/** A whole request of the gateway beside what one SDK call costs a service that calls WorkOS itself. */
import type { Comparison } from './compare.ts';
import type { Bench } from './context.ts';
import type { Usage } from './processes.ts';
import { median } from './statistics.ts';
import { targetPrinter } from './table.ts';

/** @param links rounds of the portal link */
export async function measureBareCall(bench: Bench, links: Comparison): Promise<void> {
  const { options, files, parts, servers } = bench;
  const { warmUp, rounds, amount } = options;
  const sdk = parts.start(files.bareSdk);
  const port = Number(new URL(servers.workosUrl).port);
  const run = (calls: number) => sdk.ask('run', { port, amount: calls });
  await run(warmUp);
  const costs: number[] = [];
  while (costs.length < rounds) {
    const before = await sdk.ask<Usage>('usage');
    await run(amount);
    const after = await sdk.ask<Usage>('usage');
    costs.push((after.cpuMicros - before.cpuMicros) / amount);
  }
  await sdk.stop();
  const bare = median(costs);
  const of = (side: 'gateway' | 'floor') =>
    median(links[side].map(({ cpuMicros }) => cpuMicros)) / bare;
  const what = `CPU ÷ a bare SDK call’s ${bare.toFixed(0)} µs`;
  targetPrinter('POST /portal/generate_link')('P2', what, of('gateway'), 'at most', 0.75);
  console.log(`      (the floor’s: ${of('floor').toFixed(2)})`);
}
