import { describe, expect, it } from '@jest/globals';
import { runGatehouse } from '../support/gatehouse-process.ts';

/** The commands that a usage lists. */
const listed = (usage: string): string[] =>
  [...usage.matchAll(/^ {2}([a-z-]+) {2,}\S/gm)].map(([, name = '']) => name);

/** Asks a command and those below it for help, and returns how each answered. */
async function helpOf(path: readonly string[]): Promise<Record<string, string>> {
  const { code, out, err } = await runGatehouse([...path, '--help'], {});
  const name = ['gatehouse', ...path].join(' ');
  const isGroup = out.startsWith(`usage: ${name} <command>`);
  const explains =
    code === 0 &&
    err === '' &&
    out.startsWith(`usage: ${name}`) &&
    (isGroup || out.includes('Exit code'));
  const groups = isGroup ? listed(out) : [];
  const answers = { [name]: explains ? 'explained' : `${code} ${err}${out}` };
  for (const below of groups) Object.assign(answers, await helpOf([...path, below]));
  return answers;
}

describe('every command', () => {
  it('explains itself and its exit codes without any setting', async () => {
    const answers = await helpOf([]);

    expect(Object.keys(answers)).toEqual(
      expect.arrayContaining([
        'gatehouse serve',
        'gatehouse clients create',
        'gatehouse events parked retry',
        'gatehouse dev',
      ]),
    );
    expect(new Set(Object.values(answers))).toEqual(new Set(['explained']));
  });

  it.each(['help events parked retry', 'tenants help verify', 'dev help clients', 'worker -h'])(
    'explains itself with gatehouse %s',
    async (command) => {
      const { code, out, err } = await runGatehouse(command.split(' '), {});

      expect({ code, err }).toEqual({ code: 0, err: '' });
      expect(out).toMatch(/^usage: gatehouse /);
    },
  );
});

describe('gatehouse dev <command>', () => {
  it('says what to do when no gatehouse dev runs', async () => {
    const { code, err } = await runGatehouse(['dev', 'tenants', 'verify'], {});

    expect(code).toBe(2);
    expect(err).toContain('only while gatehouse dev runs in another terminal');
  });
});
