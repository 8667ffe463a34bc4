/**
 * The snippets of docs/siblings.md for Python, Ruby, Go and PHP. Their syntax is checked by the interpreters; with
 * `WORKOS_SDKS=<folder>` they run with the real SDKs, and `UPDATE_DOCS=1` records what was sent.
 */
import { execFile, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { codeOf, hashOf, SDKS, type Sdk, type World } from '../support/snippets/languages.ts';
import { createWorld, nextCode, startRecorder } from '../support/snippets/sdk-world.ts';
import { readRecorded, writeRecorded } from '../support/snippets/recorded.ts';
import { useGatehouse } from '../support/use-gatehouse.ts';

const CHECKS: Readonly<Record<string, readonly string[]>> = {
  // Compiles without writing a file beside it.
  python: ['/usr/bin/python3', '-c', 'import ast, sys; ast.parse(open(sys.argv[1]).read())'],
  ruby: ['ruby', '-c'],
  go: ['gofmt', '-e', '-l'],
  php: ['php', '-l'],
};
const RUNS: Readonly<Record<string, readonly string[]>> = {
  python: ['/usr/bin/python3'],
  ruby: ['ruby', '-W0'],
  go: ['go', 'run'],
  php: ['php'],
};
const isInstalled = ({ language }: Sdk): boolean =>
  spawnSync('sh', ['-c', `command -v ${CHECKS[language]?.[0] ?? ''}`]).status === 0;

const folder = mkdtempSync(join(tmpdir(), 'gatehouse-languages-'));
afterAll(() => rmSync(folder, { recursive: true }));

const execute = ([command = '', ...args]: readonly string[], file: string, cwd = folder) =>
  new Promise<string>((resolve, reject) => {
    execFile(command, [...args, file], { cwd, timeout: 240_000 }, (error, out, err) => {
      if (error) reject(new Error(`${error.message}\n${out}${err}`));
      else resolve(out + err);
    });
  });

const EMPTY = { url: 'http://127.0.0.1', key: '', userToken: '', code: '' };
const NOTHING: World = { ...EMPTY, rawBody: '', signature: '', secret: '' };

describe('the snippets for another language', () => {
  it('can be checked in CI', () => {
    const missing = process.env.CI ? SDKS.filter((sdk) => !isInstalled(sdk)) : [];

    expect(missing.map(({ language }) => language)).toEqual([]);
  });

  it.each(SDKS.filter(isInstalled).map((sdk) => [sdk.heading, sdk] as const))(
    'have no syntax error: %s',
    async (_heading, sdk) => {
      const file = join(folder, `${sdk.folder}.${sdk.extension}`);
      writeFileSync(file, sdk.program(codeOf(sdk), NOTHING, '/nowhere'));

      await expect(execute(CHECKS[sdk.language] ?? [], file)).resolves.toEqual(expect.any(String));
    },
  );
});

const sdks = process.env.WORKOS_SDKS;
// Without the SDKs there is no test to count as passed or as skipped.
const describeWithSdks = sdks === undefined ? () => undefined : describe;

describeWithSdks('the snippets for another language, with its SDK', () => {
  const gatehouse = useGatehouse();
  let world: World;
  let recorder: Awaited<ReturnType<typeof startRecorder>>;
  beforeAll(async () => {
    world = await createWorld(gatehouse);
    recorder = await startRecorder(gatehouse);
  });
  afterAll(() => recorder.stop());

  it.each(SDKS.map((sdk) => [sdk.heading, sdk] as const))(
    'run as printed, and send what was recorded: %s',
    async (heading, sdk) => {
      const now = { ...world, ...(await nextCode(gatehouse, world)), url: recorder.url };
      const at = join(sdks ?? '', sdk.folder);
      // Go finds the SDK by the module file of the folder in which the program is.
      const cwd = sdk.language === 'go' ? join(at, 'app') : folder;
      const file = join(cwd, `main.${sdk.extension}`);
      writeFileSync(file, sdk.program(codeOf(sdk), now, at));
      await execute(RUNS[sdk.language] ?? [], file, cwd);
      const { requests, statuses } = recorder.take(now);
      if (process.env.UPDATE_DOCS !== undefined)
        writeRecorded(heading, { code: hashOf(codeOf(sdk)), requests });

      expect(statuses).toEqual([201, 200]);
      expect(readRecorded()[heading]?.requests.map(shape)).toEqual(requests.map(shape));
    },
  );
});

const shape = ({ method, path, body }: { method: string; path: string; body: string }) => ({
  ...{ method, path, body: compact(body) },
});

/** How an HTTP library spaces JSON depends on its version. */
const compact = (body: string): string =>
  body.startsWith('{') ? JSON.stringify(JSON.parse(body)) : body;
