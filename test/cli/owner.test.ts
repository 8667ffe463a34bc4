/** The commands that run as the owner of the tables, with a URL of the owner that is wrong. */
import { describe, expect, it } from '@jest/globals';
import { maintainCommand } from '../../src/cli/maintain.ts';
import { migrateCommand } from '../../src/cli/migrate.ts';
import { restoredCommand } from '../../src/cli/restored.ts';
import { runHere, settingsOf } from '../support/command-here.ts';
import { gatehouse, useDoctor } from './doctor-setup.ts';

useDoctor();

const COMMANDS = [
  ['migrate', migrateCommand],
  ['maintain', (terminal) => maintainCommand([], terminal)],
  ['restored', (terminal) => restoredCommand([], terminal)],
] satisfies [string, typeof migrateCommand][];

describe('a command of the owner', () => {
  it.each(COMMANDS)(
    '%s names DATABASE_MIGRATION_URL, and not DATABASE_URL, whose password is right',
    async (_name, command) => {
      const wrong = Object.assign(new URL(gatehouse.database.ownerUrl), {
        username: 'nobody_here',
      });

      const { code, err } = await runHere(command, {
        ...settingsOf(gatehouse),
        DATABASE_MIGRATION_URL: wrong.href,
      });

      expect(code).toBe(1);
      expect(err).toMatch(/is not accepted; see DATABASE_MIGRATION_URL\./);
    },
  );

  it.each(COMMANDS)(
    '%s says which setting is missing, if it runs as the runtime role',
    async (_name, command) => {
      const { code, err } = await runHere(command, {
        ...settingsOf(gatehouse),
        DATABASE_MIGRATION_URL: '',
      });

      expect(code).toBe(1);
      expect(err).toMatch(
        /permission denied .*42501.* owner of the tables.* DATABASE_MIGRATION_URL, which is not set\n?$/,
      );
    },
  );

  it('restored says the same if DATABASE_MIGRATION_URL is of the runtime role', async () => {
    const { code, err } = await runHere((terminal) => restoredCommand([], terminal), {
      ...settingsOf(gatehouse),
      DATABASE_MIGRATION_URL: gatehouse.database.url,
    });

    expect(code).toBe(1);
    expect(err).toMatch(/42501.* owner of the tables.* DATABASE_MIGRATION_URL\n?$/);
  });
});

it('a command whose session Postgres ends says that it was ended', async () => {
  const endItself = () =>
    gatehouse.database.db.query('select pg_terminate_backend(pg_backend_pid())').then(() => 0);

  const { code, err } = await runHere(endItself, settingsOf(gatehouse));

  expect(code).toBe(1);
  expect(err).toContain('57P01: it ended the session: it restarts, or somebody ended it');
});
