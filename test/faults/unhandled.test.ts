import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { useFaultWorld } from '../support/use-fault-world.ts';
import { serve, startGatehouseProcess } from '../support/gatehouse-process.ts';
import { waitFor } from '../support/wait-for.ts';

const world = useFaultWorld();
let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'gatehouse-unhandled-'));
});
afterAll(() => {
  rmSync(directory, { recursive: true, force: true });
});

const SECRET = 'postgres://gatehouse:s3cret@db.example.com/gatehouse';

/** Settings for a process in which SIGUSR2 makes a failure that nobody handles. */
function failingOnSignal(how: string): Record<string, string> {
  const file = join(directory, `${how.slice(0, 5)}.mjs`);
  writeFileSync(
    file,
    `process.on('SIGUSR2', () => {
      const cause = Object.assign(new TypeError('${SECRET}'), { code: 'ENOTFOUND' });
      const error = Object.assign(new RangeError('${SECRET}\\n    at /${SECRET}:1:1', { cause }), { code: 'E_ODD' });
      ${how};
    });`,
  );
  return { ...world.env, NODE_OPTIONS: `--import=${pathToFileURL(file).href}` };
}

const CASES = [
  ['unhandledRejection', 'Promise.reject(error)'],
  ['uncaughtException', 'setImmediate(() => { throw error; })'],
] as const;

const fatalLine = (out: string): unknown => {
  const line = out.split('\n').find((one) => one.includes('"level":"fatal"'));
  return line === undefined ? undefined : JSON.parse(line);
};
const factsWith = (kind: string) => ({
  kind,
  error: 'RangeError',
  code: 'E_ODD',
  cause: { error: 'TypeError', code: 'ENOTFOUND' },
  at: [expect.stringMatching(/\.mjs:3$/)],
});

describe('a failure that nobody handled', () => {
  it.each(CASES)(
    '%s: serve says where it arose, answers what is under way, ends with 1',
    async (kind, how) => {
      const server = await serve(failingOnSignal(how));
      await server.ready();
      const held = Promise.withResolvers<undefined>();
      const reached = Promise.withResolvers<undefined>();
      world.workos.fault(
        'POST /organizations',
        { kind: 'hold', until: held.promise, onReached: () => reached.resolve(undefined) },
        { times: 1 },
      );
      const underWay = world.call(server.url, 'PUT', `/v1/tenants/${kind.toLowerCase()}`, {
        name: 'A',
      });
      await reached.promise;

      server.child.kill('SIGUSR2');
      await waitFor(() => fatalLine(server.out()) !== undefined);
      held.resolve(undefined);

      expect((await underWay).status).toBe(201);
      expect(await server.ended).toBe(1);
      expect(fatalLine(server.out())).toMatchObject(factsWith(kind));
      expect(server.out() + server.err()).not.toContain('s3cret');
    },
  );

  it.each(CASES)('%s: a worker gives its lease back and ends with 1', async (kind, how) => {
    const env = { ...failingOnSignal(how), ADMIN_PORT: '0', HOST: '127.0.0.1' };
    const worker = startGatehouseProcess(['worker'], env);
    await waitFor(() => worker.out().includes('"leading":true'), { withinMs: 60_000 });

    worker.child.kill('SIGUSR2');

    expect(await worker.ended).toBe(1);
    expect(fatalLine(worker.out())).toMatchObject(factsWith(kind));
    expect(await world.superuser('select 1 from leases where holder is not null')).toEqual([]);
    expect(worker.out() + worker.err()).not.toContain('s3cret');
  });
});

describe('a warning of Node', () => {
  it('is a line of the log, without its message', async () => {
    const server = await serve(
      failingOnSignal(`process.emitWarning('${SECRET}', 'DeprecationWarning', 'DEP9999')`),
    );
    await server.ready();
    server.child.kill('SIGUSR2');
    const lineOf = () =>
      server
        .out()
        .split('\n')
        .find((line) => line.includes('Node.js warns'));
    await waitFor(() => lineOf() !== undefined);
    server.child.kill('SIGTERM');
    await server.ended;

    expect(JSON.parse(lineOf() ?? '')).toMatchObject({
      level: 'warn',
      warning: 'DeprecationWarning',
      code: 'DEP9999',
    });
    expect(server.out() + server.err()).not.toContain('s3cret');
  });
});
