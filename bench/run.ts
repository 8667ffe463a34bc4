/**
 * `npm run bench [-- --quick] [-- --layers[=files]] [-- --report=<name>] [-- part …]` compares the gateway with hand-written
 * handlers that make the same checks and calls (`floor/`), with Fastify (`fastify.ts`), stock Express
 * (`stock.ts`), a bare SDK call and a bare Express. `--report` writes `<name>.json` and `<name>.svg`; `--layers` prints
 * where the CPU of a request goes, and its SQL statements. Absolute figures depend on the machine; the ratios (medians over interleaved rounds) do not.
 * Parts: links, tickets, authorize, token, ingest, siblings, rows, deliveries, setup, start: all of them by default; and growth.
 */
import { measureBareCall } from './bare-call.ts';
import { bundle } from './bundle.ts';
import { CONNECTIONS } from './compare.ts';
import { tell, type Bench } from './context.ts';
import { measureDeliveries } from './deliveries.ts';
import { instructionCounter, type CountInstructions } from './instructions.ts';
import { measurePath } from './measure-path.ts';
import { readOptions } from './options.ts';
import { PATHS, type PathName } from './paths.ts';
import { createParts, type Usage } from './processes.ts';
import { writeReport } from './report.ts';
import { measureRows } from './rows.ts';
import { measureGrowth } from './scale/growth.ts';
import { besideThis, startServers, type RunningServers } from './servers.ts';
import { measureSetup } from './setup-reads.ts';
import { measureSiblings } from './siblings.ts';
import { measureStart, printStart } from './starts.ts';
import { COUNTING } from './statements.ts';
import { targetPrinter } from './table.ts';
import { createWorld } from './world.ts';

const options = readOptions(process.argv.slice(2));
const { wants } = options;
const PATH_NAMES = Object.keys(PATHS) as PathName[];
const parts = createParts();
tell('bundling, and starting Postgres\n');
const files = await bundle({ withSourceMaps: options.layers !== undefined });
const world = await createWorld(options.layers ? COUNTING : []);

async function measure(): Promise<void> {
  const servers = await startServers(files, world, parts);
  const started = wants('start') ? await measureStart(files, servers, options.starts) : undefined;
  const load = parts.start(besideThis('load.ts'));
  const countInstructions = await instructionCounter();
  const bench: Bench = { options, files, world, parts, servers, load, countInstructions };
  printHead(countInstructions);
  for (const name of PATH_NAMES) {
    if (!wants(name)) continue;
    const rounds = await measurePath(bench, name);
    if (name === 'links') await measureBareCall(bench, rounds);
  }
  if (wants('siblings')) await measureSiblings(bench);
  if (wants('rows')) await measureRows(bench);
  if (wants('deliveries')) await measureDeliveries(bench);
  if (wants('setup')) await measureSetup(bench);
  if (wants('growth')) await measureGrowth(bench);
  if (started) printStart(started);
  if (PATH_NAMES.some(wants)) await printMemory(servers);
}

function printHead(countInstructions: CountInstructions | undefined): void {
  const { rounds, amount, warmUp, isQuick } = options;
  console.log(
    `${rounds} interleaved rounds of ${amount} requests after ${warmUp}, ${CONNECTIONS} callers; medians, ratios per round`,
  );
  if (isQuick)
    console.log('A quick run is not steady: V8 is still compiling the side with more code.');
  if (!countInstructions) console.log('Counts of instructions: not offered by this machine.');
}

/** Prints the memory after the load of all parts. */
async function printMemory({ gateway, floor }: RunningServers): Promise<void> {
  const loaded = await gateway.part.ask<Usage>('usage');
  const floorLoaded = await floor.part.ask<Usage>('usage');
  targetPrinter('memory')('P9', 'RSS under load, MB', loaded.peakMb, 'at most', 200);
  console.log(`      (the floor’s under load: ${floorLoaded.peakMb.toFixed(0)} MB)`);
}

async function cleanUp(): Promise<void> {
  await parts.stop();
  await world.stop();
}

for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => void cleanUp().then(() => process.exit(130)));
try {
  await measure();
  if (options.reportName !== undefined) writeReport(options.reportName, options);
} finally {
  await cleanUp();
}
