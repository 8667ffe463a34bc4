/** A portal link as a service pays for it: its own CPU and the gateway's, beside one SDK call straight to WorkOS. */
import { CONNECTIONS } from './compare.ts';
import { tell, type Bench } from './context.ts';
import type { LoadRequest } from './load.ts';
import type { Part, Usage } from './processes.ts';
import type { SiblingCall, SiblingRun } from './sibling.ts';
import { median } from './statistics.ts';
import { printRows, targetPrinter } from './table.ts';

interface Round {
  readonly bare: number;
  readonly sibling: number;
  readonly gateway: number;
}

export async function measureSiblings(bench: Bench): Promise<void> {
  tell('siblings ');
  const { options, files, parts, servers } = bench;
  const { gateway, workosUrl } = servers;
  const [bare, sibling] = [parts.start(files.bareSdk), parts.start(files.sibling)];
  const details = await siblingDetails(bench);
  const runBare = (amount: number) => bare.ask('run', { port: portOf(workosUrl), amount });
  const runSibling = (amount: number) =>
    sibling.ask('run', { ...details, amount } satisfies SiblingRun);
  // Each is little code of its own, and long calls: half is enough.
  await runBare(options.warmUp / 2);
  await runSibling(options.warmUp / 2);
  const rounds: Round[] = [];
  while (rounds.length < options.rounds) {
    const { amount } = options;
    const [alone = NaN] = await spent([bare], amount, runBare);
    const [own = NaN, ours = NaN] = await spent([sibling, gateway.part], amount, runSibling);
    rounds.push({ bare: alone, sibling: own, gateway: ours });
    tell('.');
  }
  tell('\n');
  await Promise.all([bare.stop(), sibling.stop()]);
  print(rounds);
}

const portOf = (url: string): number => Number(new URL(url).port);

/** The same links as the part `links` asks for. */
async function siblingDetails({ world, servers }: Bench): Promise<Omit<SiblingRun, 'amount'>> {
  const requests = await world.linkRequests(servers.workosUrl);
  const key = requests[0]?.headers?.authorization?.replace('Bearer ', '') ?? '';
  const port = portOf(servers.gateway.url);
  return { port, key, calls: requests.map(callOf), callers: CONNECTIONS };
}

function callOf({ headers, body }: LoadRequest): SiblingCall {
  const {
    organization,
    intent,
    return_url: returnUrl,
  } = JSON.parse(body ?? '{}') as {
    organization: string;
    intent: SiblingCall['link']['intent'];
    return_url: string;
  };
  return {
    userToken: headers?.['gatehouse-user-token'] ?? '',
    link: { organization, ...(intent && { intent }), returnUrl },
  };
}

/** @returns CPU µs of a call, of each of the processes */
async function spent(
  processes: readonly Part[],
  amount: number,
  run: (amount: number) => Promise<unknown>,
): Promise<number[]> {
  const read = () => Promise.all(processes.map((part) => part.ask<Usage>('usage')));
  const before = await read();
  await run(amount);
  const after = await read();
  return after.map(({ cpuMicros }, i) => (cpuMicros - (before[i]?.cpuMicros ?? NaN)) / amount);
}

function print(rounds: readonly Round[]): void {
  const of = (read: (round: Round) => number) => median(rounds.map(read));
  printRows('CPU µs of a portal link, client side', [
    [
      'SDK to WorkOS, default fetch',
      row(
        of(({ bare }) => bare),
        0,
      ),
    ],
    [
      'SDK to the gateway, documented fetch',
      row(
        of(({ sibling }) => sibling),
        of(({ gateway }) => gateway),
      ),
    ],
  ]);
  const ratio = of(({ bare, sibling, gateway }) => (sibling + gateway) / bare);
  const target = targetPrinter('siblings');
  target('P11', 'CPU, service + gateway ÷ SDK to WorkOS', ratio, 'at most', 1);
  console.log(`      (service alone: ${of(({ bare, sibling }) => sibling / bare).toFixed(2)})`);
}

const row = (service: number, gateway: number) => ({
  service,
  gateway,
  together: service + gateway,
});
