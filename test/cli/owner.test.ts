/** The commands that run as the owner of the tables, with a URL of the owner that is wrong. */
import { describe, expect, it } from '@jest/globals';
import { maintainCommand } from '../../src/cli/maintain.ts';
import { migrateCommand } from '../../src/cli/migrate.ts';
import { restoredCommand } from '../../src/cli/restored.ts';
import { runHere, settingsOf } from '../support/command-here.ts';
import { gatehouse, useDoctor } from './doctor-setup.ts';

useDoctor();

describe('a command of the owner', () => {
  it.each([
    ['migrate', migrateCommand],
    ['maintain', (terminal) => maintainCommand([], terminal)],
    ['restored', (terminal) => restoredCommand([], terminal)],
  ] satisfies [string, typeof migrateCommand][])(
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
});
