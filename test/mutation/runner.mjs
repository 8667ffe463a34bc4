/**
 * Stryker's test runner for this repository. Like `../support/runner/runner.cjs` it runs test files with
 * jest-circus in plain Node, but in Stryker's own process: the source is loaded once, and a mutant that is
 * active at run time costs only the tests that reach it. For a mutant in code that runs while a module loads,
 * the source is loaded anew.
 */
import { createRequire, registerHooks } from 'node:module';
import process from 'node:process';
import { pathToFileURL, URL } from 'node:url';
import { declareClassPlugin, PluginKind } from '@stryker-mutator/api/plugin';
import {
  determineHitLimitReached,
  DryRunStatus,
  TestStatus,
  toMutantRunResult,
} from '@stryker-mutator/api/test-runner';
import * as circus from 'jest-circus';
import '../support/runner/fast-imports.mjs';
import { setGlobals } from '../support/runner/globals.mjs';

const { jestExpect } = createRequire(createRequire(import.meta.url).resolve('@jest/globals'))(
  '@jest/expect',
);
const GLOBALS = new URL('../support/runner/globals.mjs', import.meta.url).href;

/** The directory of the instrumented copy of the source. Stryker changes to it after it has loaded this file. */
const copy = () => pathToFileURL(`${process.cwd()}/`).href;
/** Distinguishes the modules that were loaded before from those loaded for the current mutant. */
let generation = 0;

registerHooks({
  resolve(specifier, context, next) {
    if (specifier === '@jest/globals')
      return { url: GLOBALS, format: 'module', shortCircuit: true };
    const found = next(specifier, context);
    const isOwn = found.url.startsWith(copy()) && /\.ts$/.test(found.url);
    return isOwn ? { ...found, url: `${found.url}?generation=${generation}` } : found;
  },
});

/** What instrumented code reads and counts in. */
const stryker = (globalThis.__stryker__ ??= {});

class CircusRunner {
  #files = (process.env.MUTATION_TESTS ?? '').split(' ');
  #run = 0;

  capabilities() {
    return { reloadEnvironment: true };
  }

  async dryRun() {
    stryker.activeMutant = undefined;
    const tests = await this.#runAll({ bail: false });
    return { status: DryRunStatus.Complete, tests, mutantCoverage: stryker.mutantCoverage };
  }

  async mutantRun(options) {
    const { activeMutant, testFilter, hitLimit, disableBail, mutantActivation } = options;
    if (options.reloadEnvironment) generation += 1;
    Object.assign(stryker, { hitLimit, hitCount: hitLimit && 0, activeMutant: undefined });
    if (mutantActivation === 'static') stryker.activeMutant = activeMutant.id;
    const tests = await this.#runAll({
      bail: !disableBail,
      only: testFilter && new Set(testFilter),
      activate: () => (stryker.activeMutant = activeMutant.id),
    });
    const timeout = determineHitLimitReached(stryker.hitCount, hitLimit);
    return toMutantRunResult(timeout ?? { status: DryRunStatus.Complete, tests });
  }

  async #runAll(options) {
    const results = [];
    for (const file of this.#files) {
      if (options.only && ![...options.only].some((id) => id.startsWith(`${file} ›`))) continue;
      results.push(...(await this.#runFile(file, options)));
      if (options.bail && results.some(({ status }) => status === TestStatus.Failed)) break;
    }
    return results;
  }

  async #runFile(file, { bail, only, activate }) {
    const idOf = (path) => [file, ...path].join(' › ');
    circus.resetState();
    setGlobals({ ...circus, expect: jestExpect });
    // A module is run once; its query makes it another one.
    await import(`${pathToFileURL(file).href}?run=${(this.#run += 1)}`);
    circus.getState().testTimeout = 60_000;
    activate?.();
    const watch = ({ name, test }) => {
      if (name === 'test_start') {
        stryker.currentTestId = idOf(pathOf(test));
        if (only && !only.has(stryker.currentTestId)) test.mode = 'skip';
      }
      if (name === 'test_done') stryker.currentTestId = undefined;
      if (name === 'test_done' && bail && test.errors.length > 0) only = new Set();
    };
    circus.addEventHandler(watch);
    try {
      const { testResults, unhandledErrors } = await circus.run();
      if (unhandledErrors.length > 0) throw new Error(unhandledErrors.join('\n'));
      return testResults.map((result) => resultOf(idOf(result.testPath.slice(1)), result));
    } finally {
      circus.removeEventHandler(watch);
    }
  }
}

const pathOf = ({ name, parent }) => (parent ? [...pathOf(parent), name] : []);

function resultOf(id, { status, errors, duration }) {
  const timing = { id, name: id, timeSpentMs: duration ?? 0 };
  if (errors.length > 0)
    return { ...timing, status: TestStatus.Failed, failureMessage: errors[0].slice(0, 2_000) };
  return { ...timing, status: status === 'done' ? TestStatus.Success : TestStatus.Skipped };
}

export const strykerPlugins = [declareClassPlugin(PluginKind.TestRunner, 'circus', CircusRunner)];
