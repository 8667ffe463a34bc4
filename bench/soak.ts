/**
 * `npm run soak [-- minutes]` (default 10): 200 mixed requests a second to a gateway that may use 200 MB. Tells its
 * memory, handles and listeners every minute, and fails if they grow.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { Pool } from 'undici';
import { bundle } from './bundle.ts';
import type { LoadRequest } from './load.ts';
import { createParts, type Usage } from './processes.ts';
import { startGateway, startServers, type RunningServers } from './servers.ts';
import { median } from './statistics.ts';
import { createWorld, type World } from './world.ts';

const minutes = Number(process.argv[2] ?? 10);
const PER_SECOND = 200;
const TICKS = 20;
const RESIDENT_MB = 200;
/** The heap of old objects; the rest is code, buffers and stacks. */
const HEAP_MB = 144;
/** Growth after the first minute that is noise, and growth per minute from then on. */
const NOISE = { mb: 10, mbPerMinute: 1, handles: 50 };

/** The requests of a minute: the share of each kind is what siblings send. */
async function mixed(world: World, { workosUrl }: RunningServers): Promise<LoadRequest[]> {
  const all = PER_SECOND * 60;
  const links = await world.linkRequests(workosUrl);
  const starts = await world.authorizeRequests(all);
  const codes = await world.codeRequests(all / 8);
  const webhooks = await world.webhookRequests(all / 8);
  const pick = <T>(from: readonly T[], n: number) => from[n % from.length] as T;
  return Array.from({ length: all }, (_, n) => {
    if (n % 8 === 0) return pick(codes, n / 8);
    if (n % 8 === 1) return pick(webhooks, (n - 1) / 8);
    return n % 2 === 0 ? pick(links, n) : pick(starts, n);
  });
}

/** Sends the requests of a minute evenly. @returns how many were not answered 2xx or 3xx */
async function send(pool: Pool, requests: readonly LoadRequest[]): Promise<number> {
  const began = performance.now();
  const under = new Set<Promise<void>>();
  let bad = 0;
  for (const [n, { path, method = 'GET', headers = {}, body }] of requests.entries()) {
    if (n % (PER_SECOND / TICKS) === 0)
      await pause(Math.max(0, began + (n / PER_SECOND) * 1_000 - performance.now()));
    const one: Promise<void> = pool
      .request({ path, method, headers, body: body ?? null })
      .then(async (answer) => {
        await answer.body.dump();
        if (answer.statusCode >= 400) bad += 1;
      })
      .catch(() => void (bad += 1))
      .finally(() => under.delete(one));
    under.add(one);
  }
  await Promise.all(under);
  return bad;
}

const parts = createParts();
const world = await createWorld();
try {
  const servers = await startServers(await bundle(), world, parts);
  const { part, url } = await startGateway(
    (await bundle()).gateway,
    {
      ...servers.gatewayEnv,
      WORKOS_REQUESTS_PER_MINUTE: '100000',
      NODE_OPTIONS: `--max-old-space-size=${HEAP_MB}`,
    },
    undefined,
    parts,
  );
  const pool = new Pool(url, { connections: 40 });
  const seen: { readonly mb: number; readonly handles: number; readonly listeners: number }[] = [];
  for (let minute = 1; minute <= minutes; minute += 1) {
    const sending = send(pool, await mixed(world, servers));
    const usages: Usage[] = [];
    let isSending = true;
    void sending.finally(() => (isSending = false));
    const isOn = () => isSending;
    while (isOn()) {
      usages.push(await part.ask<Usage>('usage'));
      await pause(2_000);
    }
    const middle = (of: (usage: Usage) => number) => median(usages.slice(-10).map(of));
    const now = {
      mb: middle(({ rssMb }) => rssMb),
      handles: middle(({ handles }) => handles),
      listeners: middle(({ listeners }) => listeners),
    };
    seen.push(now);
    console.log(
      `minute ${minute}: ${now.mb.toFixed(0)} MB (peak ${usages.at(-1)?.peakMb.toFixed(0)}), ${now.handles} handles, ${now.listeners} listeners, event-loop delay p99 ${middle(({ delayP99Ms }) => delayP99Ms).toFixed(0)} ms, ${await sending} of ${PER_SECOND * 60} requests refused or failed`,
    );
  }
  await pool.close();
  const [first, last] = [seen[0], seen.at(-1)];
  if (!first || !last) throw new Error('Give at least one minute.');
  const faults = [
    ...(last.mb > RESIDENT_MB ? [`more than ${RESIDENT_MB} MB`] : []),
    ...(last.mb - first.mb > NOISE.mb + NOISE.mbPerMinute * minutes ? ['memory grows'] : []),
    ...(last.handles - first.handles > NOISE.handles ? ['handles grow'] : []),
    ...(last.listeners > first.listeners ? ['listeners grow'] : []),
  ];
  console.log(faults.length > 0 ? faults.join(', ') : 'nothing grows');
  if (faults.length > 0) process.exitCode = 1;
} finally {
  await parts.stop();
  await world.stop();
}
