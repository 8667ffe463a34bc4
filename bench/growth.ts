/**
 * `npm run bench:growth [-- share]` fills a database with 1,000,000 tenants, 10,000,000 audit rows and events, and
 * 3,000,000 delivery attempts and portal launches (times `share`, e.g. 0.1), and times every list for every kind of client
 * and filter. `GROWTH_DATABASE_URL`: a superuser's; default: an embedded Postgres, about 25 GB of disk. An
 * existing database `growth` is measured again without being filled.
 */
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { Secret } from '../src/core/secret.ts';
import { openDatabase } from '../src/db/database.ts';
import { migrate } from '../src/db/migrate.ts';
import { startEmbeddedPostgres } from '../src/dev/embedded-postgres.ts';
import { createDatabase, createRoles, RUNTIME } from '../src/dev/roles.ts';
import { pagesOf } from './growth/clients.ts';
import { seed, type Sizes } from './growth/seed.ts';

const share = Number(process.argv[2] ?? 1);
const sizes: Sizes = {
  tenants: 1_000_000 * share,
  audit: 10_000_000 * share,
  events: 10_000_000 * share,
  attempts: 3_000_000 * share,
  launches: 3_000_000 * share,
};
const LIMIT_MS = 200;
const ROOMY = ['shared_buffers=2GB', 'max_wal_size=8GB', 'maintenance_work_mem=1GB'];
const tell = (text: string): void => void process.stderr.write(text);

const given = process.env.GROWTH_DATABASE_URL;
const directory = mkdtempSync(join(tmpdir(), 'gatehouse-growth-'));
chmodSync(directory, 0o755);
const embedded = given
  ? undefined
  : await startEmbeddedPostgres(join(directory, 'data'), { durable: false, settings: ROOMY });

try {
  await measure(given ?? embedded?.superuserUrl ?? '');
} finally {
  await embedded?.stop();
  rmSync(directory, { recursive: true, force: true });
}

async function measure(superuserUrl: string): Promise<void> {
  await createRoles(superuserUrl);
  const { ownerUrl, runtimeUrl } = await createDatabase(superuserUrl, 'growth');
  await migrate(new Secret(ownerUrl), RUNTIME);
  const owner = new pg.Client({ connectionString: ownerUrl });
  await owner.connect();
  const { rows } = await owner.query('select from events limit 1');
  if (rows.length === 0) await seed(owner, sizes, tell);
  await owner.end();

  const db = openDatabase({ url: new Secret(runtimeUrl), max: 2 });
  const times: { name: string; ms: number }[] = [];
  for (const [name, read] of await pagesOf(db, sizes)) {
    // The first time fills the caches of Postgres.
    await read();
    const runs = [await timed(read), await timed(read), await timed(read)];
    times.push({ name, ms: runs.toSorted((a, b) => a - b)[1] ?? NaN });
  }
  await db.close();
  times.sort((a, b) => b.ms - a.ms);
  for (const { name, ms } of times.slice(0, 20))
    console.log(`${ms.toFixed(1).padStart(8)} ms  ${name}`);
  const slow = times.filter(({ ms }) => ms > LIMIT_MS).length;
  console.log(
    `${times.length} pages, median ${(times[times.length >> 1]?.ms ?? NaN).toFixed(1)} ms; ${slow} above ${LIMIT_MS} ms`,
  );
  if (slow > 0) process.exitCode = 1;
}

async function timed(read: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await read();
  return performance.now() - began;
}
