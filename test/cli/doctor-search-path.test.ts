/** Nothing works for a role that does not find the tables, so this must not look like a healthy process. */
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { pino } from 'pino';
import { clientsCommand } from '../../src/cli/clients.ts';
import { withService } from '../../src/cli/with-service.ts';
import { RUNTIME } from '../../src/dev/roles.ts';
import { startGateway } from '../../src/process/gateway.ts';
import { runHere, settingsOf } from '../support/command-here.ts';
import { findingsOf, gatehouse, sql, useDoctor } from './doctor-setup.ts';

useDoctor();

const alterRole = async (what: string): Promise<void> => {
  const { pathname } = new URL(gatehouse.database.url);
  await sql(`alter role ${RUNTIME} in database ${pathname.slice(1)} ${what}`);
  await sql(
    `select pg_terminate_backend(pid, 5000) from pg_stat_activity
     where datname = current_database() and usename = $1`,
    [RUNTIME],
  );
};
const readyz = async () => {
  const answer = await fetch(`${gatehouse.adminUrls[0] ?? ''}/readyz`);
  return [answer.status, await answer.text()];
};

beforeEach(() => alterRole(`set search_path = 'elsewhere'`));
afterEach(() => alterRole('reset search_path'));

it('a process whose role has another search_path is not ready, until that is reset', async () => {
  expect(await readyz()).toEqual([
    503,
    'not ready\ndatabase: 3F000: the search_path of the role does not lead to the tables; see: gatehouse doctor\n',
  ]);

  await alterRole('reset search_path');

  expect(await readyz()).toEqual([200, 'ok\n']);
});

it('doctor names the search_path, and what to do', async () => {
  expect(await findingsOf('database')).toEqual([
    {
      check: 'database',
      level: 'fault',
      says: `the search_path of ${RUNTIME} (elsewhere) does not lead to the tables, which are in the schema public`,
      remedy: `Run in Postgres: alter role ${RUNTIME} reset search_path; and the same for the database.`,
    },
  ]);
  expect(await findingsOf('migrations')).toMatchObject([
    { level: 'skipped', says: 'the role does not find the tables' },
  ]);
});

it('a role without rights to the schema is not told to change its search_path', async () => {
  await alterRole('reset search_path');
  await sql(`revoke usage on schema public from public, ${RUNTIME}`);

  const found = await Promise.all([findingsOf('database'), findingsOf('runtime role')]);

  await sql(`grant usage on schema public to public, ${RUNTIME}`);
  expect(found).toMatchObject([
    [{ level: 'ok' }],
    [
      {
        level: 'fault',
        says: expect.stringContaining('lacks privileges on schema public (usage)'),
      },
    ],
  ]);
});

it('a database without the schema public lacks migrations, says doctor', async () => {
  await alterRole('reset search_path');
  const schemas = ['public', 'drizzle'];
  for (const name of schemas) await sql(`alter schema ${name} rename to former_${name}`);

  const found = await findingsOf('migrations');

  for (const name of schemas) await sql(`alter schema former_${name} rename to ${name}`);
  expect(found).toMatchObject([{ level: 'fault', says: expect.stringContaining('lacks') }]);
});

it('a command that does not find the tables names doctor too, because migrate would change nothing', async () => {
  const { code, err } = await runHere(
    (terminal) => withService(terminal, (service) => clientsCommand(['list'], service)),
    settingsOf(gatehouse),
  );

  expect(code).toBe(1);
  expect(err).toMatch(/run gatehouse migrate; if that changes nothing, gatehouse doctor$/m);
});

it('a process that starts says so and ends', async () => {
  const one = await startGateway(gatehouse.config, pino({ level: 'silent' }));

  await expect(one.ready).rejects.toThrow(/refused: 3F000: the search_path of the role/);
  await one.stop();
});
