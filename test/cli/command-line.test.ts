import { describe, expect, it } from '@jest/globals';
import { SCOPES } from '../../src/core/identity.ts';
import { runGatehouse, startGatehouseProcess } from '../support/gatehouse-process.ts';

describe('the command line', () => {
  it('prints its commands and its version without any setting', async () => {
    const [help, version] = await Promise.all([
      runGatehouse(['--help'], {}),
      runGatehouse(['clients', 'create', '--version'], {}),
    ]);

    expect(help).toMatchObject({ code: 0, err: '' });
    expect(help.out).toMatch(/^usage: gatehouse <command>\n {2}serve /);
    expect(version).toMatchObject({ code: 0, err: '' });
    expect(version.out).toMatch(/^gatehouse \d+\.\d+\.\d+\n$/);
  });

  it.each([
    ['serve', 'gatehouse doctor says what is wrong'],
    ['worker', 'gatehouse doctor says what is wrong'],
    ['migrate', 'DATABASE_MIGRATION_URL'],
  ])('says in the help of %s what it needs: %s', async (command, needed) => {
    const { code, out } = await runGatehouse([command, '--help'], {});

    expect(code).toBe(0);
    expect(out).toContain(needed);
  });

  it.each(['worker', 'maintain', 'doctor'])(
    'says in the help of %s its exit codes',
    async (command) => {
      const { out } = await runGatehouse([command, '--help'], {});

      expect(out).toContain('Exit code');
    },
  );

  it('lists in the help of clients create every scope, in lines that fit', async () => {
    const { out } = await runGatehouse(['clients', 'create', '--help'], {});

    for (const scope of SCOPES) expect(out).toContain(scope);
    expect(Math.max(...out.split('\n').map((line) => line.length))).toBeLessThanOrEqual(120);
  });

  it('keeps its exit code when nobody reads its messages, as in 2>&1 | head', async () => {
    const { child, ended } = startGatehouseProcess(['clients', 'lst'], {});
    child.stderr?.destroy();

    expect(await ended).toBe(2);
  });

  it('names an unknown command and an argument too many, with what was probably meant', async () => {
    const [command, argument] = await Promise.all([
      runGatehouse(['client'], {}),
      runGatehouse(['migrate', '--now'], {}),
    ]);

    expect(command).toMatchObject({ code: 2, out: '' });
    expect(command.err).toMatch(/^gatehouse: unknown command "client"; did you mean "clients"\?\n/);
    expect(argument).toMatchObject({ code: 2, out: '' });
    expect(argument.err).toMatch(
      /^gatehouse migrate: unknown flag "--now"\nusage: gatehouse migrate\n/,
    );
  });
});
