/**
 * Jest's test runner for this repository. It is jest-circus, except that a test file and everything it
 * imports load in plain Node instead of a VM context. A worker process then loads the source, the SDK
 * and zod once instead of once per test file, which halves the suite's time. Two things follow: module
 * mocks do not work, and module-level state outlives a test file.
 */
const { registerHooks } = require('node:module');
const { pathToFileURL } = require('node:url');
require('./fast-imports.mjs');
const { default: circus } = require('jest-circus/runner');

const GLOBALS = pathToFileURL(require.resolve('./globals.mjs')).href;

// The real `@jest/globals` throws outside a VM context.
registerHooks({
  resolve: (specifier, context, next) =>
    specifier === '@jest/globals'
      ? { url: GLOBALS, format: 'module', shortCircuit: true }
      : next(specifier, context),
});

module.exports = async (globalConfig, config, environment, runtime, testPath) => {
  const { setGlobals } = await import(GLOBALS);
  const { console } = globalThis;
  const env = { ...process.env };
  globalThis.console = environment.global.console;
  try {
    const plainRuntime = Object.assign(Object.create(runtime), {
      requireInternalModule,
      setGlobalsForRuntime: setGlobals,
      unstable_shouldLoadAsEsm: () => true,
      unstable_importModule: (file) => import(pathToFileURL(file).href),
    });
    const plainEnvironment = { global: globalThis };
    keepErrorsCheap();
    // Leaves out the last argument, with which circus would send every single test to the main process.
    return await circus(globalConfig, config, plainEnvironment, plainRuntime, testPath);
  } finally {
    globalThis.console = console;
    restoreEnvironment(env);
  }
};

/**
 * Jest makes every stack trace 100 frames long and looks each frame up in a source map. Types are stripped
 * in place, so there is no map, and the service creates an error for every request that it refuses.
 */
function keepErrorsCheap() {
  Error.prepareStackTrace = undefined;
  Error.stackTraceLimit = 20;
}

/** Loads jest-circus's state anew for each test file, as its VM context would. */
function requireInternalModule(file) {
  Reflect.deleteProperty(require.cache, file);
  Reflect.deleteProperty(globalThis, Symbol.for('EVENT_HANDLERS'));
  return require(file);
}

function restoreEnvironment(env) {
  for (const name of Object.keys(process.env))
    if (!(name in env)) Reflect.deleteProperty(process.env, name);
  Object.assign(process.env, env);
}
