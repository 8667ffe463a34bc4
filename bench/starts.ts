/** Start-up of the gateway beside a bare Express, in turn. */
import type { Bundles } from './bundle.ts';
import type { Usage } from './processes.ts';
import type { RunningServers } from './servers.ts';
import { timeExpress, timeGateway } from './start-up.ts';
import { median } from './statistics.ts';
import { printRows, targetPrinter } from './table.ts';

export interface Started {
  readonly readyMs: number;
  readonly expressMs: number;
  readonly idleMb: number;
}

/** Measured before other parts, because the memory of the gateway is told as long as it is idle. */
export async function measureStart(
  { gateway }: Bundles,
  servers: RunningServers,
  starts: number,
): Promise<Started> {
  const express: number[] = [];
  const ready: number[] = [];
  while (ready.length < starts) {
    express.push(await timeExpress());
    ready.push(await timeGateway(gateway, servers.gatewayEnv));
  }
  const { rssMb } = await servers.gateway.part.ask<Usage>('usage');
  return { readyMs: median(ready), expressMs: median(express), idleMb: rssMb };
}

export function printStart({ readyMs, expressMs, idleMb }: Started): void {
  printRows('Start', [
    ['gateway', { 'ready ms': readyMs }],
    ['bare Express', { 'ready ms': expressMs }],
  ]);
  const target = targetPrinter('start');
  target('P9', 'ready, ms', readyMs, 'at most', 400);
  target('P9', 'ready ÷ bare Express', readyMs / expressMs, 'at most', 1.4);
  target('P9', 'RSS idle, MB', idleMb, 'at most', 110);
}
