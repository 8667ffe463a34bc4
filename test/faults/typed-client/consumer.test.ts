/**
 * The packed client in a service of its own: compiled strictly, with all types of its dependencies, and run
 * on each Node that is here. The compiler takes 13 s of CPU, so it is here.
 */
import { execFile, spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startReceiver } from '../../support/receiver.ts';
import { useGatehouse } from '../../support/use-gatehouse.ts';

const run = promisify(execFile);
const gatehouse = useGatehouse();
let folder: string;

/** The Node that runs the tests, and the system's if it is recent enough for the client. */
const NODES = [process.execPath, '/usr/bin/node'].filter((path) => {
  const said = spawnSync(path, ['-p', 'parseInt(process.versions.node) >= 20']).stdout as unknown;
  return String(said).trim() === 'true';
});

const PROGRAM = `
import { createGatehouseClient, type Problem, type Schemas } from 'gatehouse-client';
import { currentUserToken, withUserToken } from 'gatehouse-client/acting-user';
import type { sdkFetch } from 'gatehouse-client/sdk-fetch';

const gatehouse = createGatehouseClient({
  baseUrl: process.env.GATEHOUSE ?? '',
  apiKey: () => process.env.KEY,
  userToken: currentUserToken,
});
const { data, error } = await withUserToken(process.env.USER_TOKEN, () =>
  gatehouse.POST('/v1/portal-launches', { body: { tenant_id: 'acme', intent: 'sso' } }),
);
const launch: Schemas['NewPortalLaunch'] | undefined = data;
const problem: Problem | undefined = error;
export const fetchFn: typeof fetch | typeof sdkFetch = fetch;
console.log(launch?.url ?? problem?.detail);

export const refusedByTheCompiler = () => [
  // @ts-expect-error There is no such intent.
  gatehouse.POST('/v1/portal-launches', { body: { tenant_id: 'acme', intent: 'nonsense' } }),
  // @ts-expect-error WorkOS's SDKs have this operation.
  gatehouse.GET('/organizations'),
  // @ts-expect-error The path needs a tenant.
  gatehouse.GET('/v1/tenants/{tenant_id}'),
  // @ts-expect-error A key is needed.
  createGatehouseClient({ baseUrl: 'https://gatehouse.internal.example' }),
];
`;

/** What nobody refers to any more is collected as garbage while the answer is awaited. */
const WAITING = `
import { createGatehouseClient } from 'gatehouse-client';
setInterval(gc, 20);
const baseUrl = process.env.GATEHOUSE;
const gatehouse = createGatehouseClient({ baseUrl, apiKey: 'gh_key', timeoutMs: 1000 });
await gatehouse.GET('/v1/tenants').catch((error) => console.log(error.name));
process.exit();
`;

const COMPILER_OPTIONS = {
  ...{ target: 'ES2022', module: 'NodeNext', types: ['node'], outDir: 'dist' },
  ...{ strict: true, exactOptionalPropertyTypes: true, noUncheckedIndexedAccess: true },
};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gatehouse-client-'));
  await install(join(folder, 'node_modules'));
  const config = { compilerOptions: COMPILER_OPTIONS, files: ['program.ts'] };
  const files = {
    'package.json': '{"type":"module"}',
    'program.ts': PROGRAM,
    'waiting.js': WAITING,
    'tsconfig.json': JSON.stringify(config),
  };
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
});
afterAll(() => rm(folder, { recursive: true }));

/** As npm installs it, without a registry. */
async function install(modules: string): Promise<void> {
  const client = join(modules, 'gatehouse-client');
  await mkdir(client, { recursive: true });
  await mkdir(join(modules, '@types'));
  const pack = ['pack', '--silent', '--pack-destination', folder];
  const { stdout: tarball } = await run('npm', pack, { cwd: 'client' });
  const source = join(folder, tarball.trim());
  await run('tar', ['-xzf', source, '--strip-components=1', '-C', client]);
  for (const name of ['openapi-fetch', '@types/node'])
    await symlink(resolve('node_modules', name), join(modules, name));
}

describe('the packed client', () => {
  it('has what runs and its types, and nothing else of the repository', async () => {
    const files = await readdir(join(folder, 'node_modules/gatehouse-client'));

    expect(files.sort()).toEqual([
      ...['LICENSE', 'README.md', 'acting-user.d.ts', 'acting-user.js', 'fetch.js'],
      ...[
        'index.d.ts',
        'index.js',
        'package.json',
        'schema.d.ts',
        'sdk-fetch.d.ts',
        'sdk-fetch.js',
      ],
    ]);
  });

  it('compiles in a strict service, and creates a launch there', async () => {
    const tsc = resolve('node_modules/typescript/bin/tsc');
    await run(process.execPath, [tsc, '-p', folder]);
    await gatehouse.provision('acme');
    const { key } = await gatehouse.createClient();
    const env = { GATEHOUSE: gatehouse.url, KEY: key, USER_TOKEN: await gatehouse.userToken() };

    for (const node of NODES) {
      const { stdout } = await run(node, [join(folder, 'dist/program.js')], { env });
      expect(stdout).toContain('/launch-portal?ticket=');
    }
  });

  it.each([
    ['does not begin', () => undefined],
    ['does not end', (res: { write(text: string): void }) => res.write('{')],
  ])('ends in time when an answer %s', async (_what, answer) => {
    const server = await startReceiver();
    server.answer = (_request, res) => answer(res);

    for (const node of NODES) {
      const env = { GATEHOUSE: server.url };
      const program = ['--expose-gc', join(folder, 'waiting.js')];
      const { stdout } = await run(node, program, { env, timeout: 30_000 });
      expect(stdout.trim()).toBe('TimeoutError');
    }
    await server.stop();
  });
});
