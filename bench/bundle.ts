/** Bundles every measured program, as in production. */
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { build } from 'esbuild';

const ROOT = join(import.meta.dirname, '..');
/** Next to the release's own bundle, whose build does not touch it. */
const DIRECTORY = join(ROOT, 'dist/bench');

export interface Bundles {
  readonly gateway: string;
  readonly floor: string;
  readonly deliver: string;
  readonly stock: string;
  readonly fastify: string;
  readonly bareSdk: string;
  readonly sibling: string;
  readonly auditRows: string;
}

/** Builds the gateway as released, and bundles the programs it is compared with in the same way. */
export async function bundle({ withSourceMaps = false } = {}): Promise<Bundles> {
  const env = { ...process.env, ...(withSourceMaps && { SOURCE_MAP: '1' }) };
  await promisify(execFile)(process.execPath, [join(ROOT, 'docker/build.mjs')], { env });
  const names = [
    'floor/server',
    'floor/deliver',
    'stock',
    'fastify',
    'bare-sdk',
    'sibling',
    'audit-rows',
  ];
  await build({
    entryPoints: names.map((name) => join(import.meta.dirname, `${name}.ts`)),
    outdir: DIRECTORY,
    entryNames: '[name]',
    outExtension: { '.js': '.mjs' },
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node24',
    // CommonJS code inside an ES module still calls `require`.
    banner: {
      js: `import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);`,
    },
    sourcemap: withSourceMaps ? 'external' : false,
    logLevel: 'error',
  });
  return {
    gateway: join(ROOT, 'dist/main.mjs'),
    floor: join(DIRECTORY, 'server.mjs'),
    deliver: join(DIRECTORY, 'deliver.mjs'),
    stock: join(DIRECTORY, 'stock.mjs'),
    fastify: join(DIRECTORY, 'fastify.mjs'),
    bareSdk: join(DIRECTORY, 'bare-sdk.mjs'),
    sibling: join(DIRECTORY, 'sibling.mjs'),
    auditRows: join(DIRECTORY, 'audit-rows.mjs'),
  };
}

/** Returns the flags that a program's first line gives Node: the image starts the gateway by that line. */
export const nodeFlags = (file: string): string[] =>
  /^#!\S+ -S node (.+)$/m.exec(readFileSync(file, 'utf8').slice(0, 200))?.[1]?.split(' ') ?? [];
