/** Ten rows in the audit trail and ten million (100,000 in a quick run): each portal link adds two. */
import { statfsSync } from 'node:fs';
import pg from 'pg';
import { dropDatabase, rolesOf } from '../../src/dev/roles.ts';
import { tell, type Bench } from '../context.ts';
import { fill } from '../growth/seed.ts';
import { createTenants } from '../tenants.ts';
import { linkRequestOf } from '../world.ts';
import { anyOf, compareSizes, gatewayOn, stopAll, type Sized } from './sizes.ts';

const [FEW, MANY] = [10, 10_000_000];
const TENANTS = 50;
/** A row with all its indexes (360), and as much again for the write-ahead log and the sorts of the indexes. */
const BYTES_PER_ROW = 2 * 360;
/** For the rows; the indexes are built afterwards and take about as long again. */
const FILL_MS = 200_000;

export async function growAuditTrail(bench: Bench): Promise<void> {
  const { world, options } = bench;
  const { bavail, bsize } = statfsSync(world.directory);
  const room = Math.floor((bavail * bsize) / 2 / BYTES_PER_ROW);
  const many = Math.min(options.isQuick ? MANY / 100 : MANY, room);
  const sizes: Sized[] = [];
  for (const rows of [FEW, many]) sizes.push(await withRows(bench, rows));
  const [small, large] = sizes;
  if (small && large) await compareSizes(bench, 'audit rows, portal link', 201, [small, large]);
  await stopAll(sizes.flatMap(({ gateways }) => gateways));
  for (const rows of [FEW, many]) await dropDatabase(world.superuserUrl, nameOf(rows));
}

const nameOf = (rows: number): string => `growth_audit_${rows}`;

/** Starts a gateway on a database with so many rows, or with as many as could be written in time; its name says how many. */
async function withRows(bench: Bench, rows: number): Promise<Sized> {
  const { superuserUrl } = bench.world;
  const { databaseUrl, key } = await createTenants(superuserUrl, TENANTS, nameOf(rows));
  const owner = new pg.Client({
    connectionString: rolesOf(superuserUrl, nameOf(rows)).ownerUrl,
  });
  await owner.connect();
  await owner.query('set synchronous_commit = off');
  const filled = await fill(owner, 'audit', { rows, tenants: TENANTS, withinMs: FILL_MS });
  await owner.query('vacuum analyze audit_trail');
  await owner.end();
  const missing = filled < rows ? ` (of ${rows.toLocaleString('en')}: time was up)` : '';
  tell(`${filled} audit rows${missing}\n`);
  return {
    name: `${filled.toLocaleString('en')} rows${missing}`,
    gateways: [await gatewayOn(bench, databaseUrl)],
    requests: (amount) => Array.from({ length: amount }, () => linkRequestOf(key, anyOf(TENANTS))),
  };
}
