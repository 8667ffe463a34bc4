/**
 * Measures how many deliberate faults (mutants) the tests notice in the decisions that keep strangers out:
 * `npm run test:mutation`, or `npm run test:mutation -- redirects tickets` for some of the areas.
 */
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath, URL } from 'node:url';
import { Stryker } from '@stryker-mutator/core';
import startDatabase from '../support/global-setup.ts';
import stopDatabase from '../support/global-teardown.ts';
import { AREAS } from './areas.mjs';

/** In percent. */
const LEAST_SCORE = 85;

const named = process.argv.slice(2);
const unknown = named.filter((name) => !Object.hasOwn(AREAS, name));
if (unknown.length > 0)
  throw new Error(`No such area: ${unknown.join(', ')}. Areas: ${Object.keys(AREAS).join(', ')}`);
const areas = named.length > 0 ? named : Object.keys(AREAS);

if (areas.some((area) => AREAS[area].database)) await startDatabase();
try {
  const scores = {};
  for (const area of areas) scores[area] = await measure(area);
  console.table(scores);
  if (Object.values(scores).some(({ score }) => score < LEAST_SCORE)) process.exitCode = 1;
} finally {
  await stopDatabase();
}

async function measure(area) {
  const { source, tests } = AREAS[area];
  // The test runner has a process of its own.
  process.env.MUTATION_TESTS = tests.join(' ');
  const mutants = await new Stryker({
    mutate: source,
    testRunner: 'circus',
    plugins: [fileURLToPath(new URL('runner.mjs', import.meta.url))],
    testRunnerNodeArgs: ['--disable-warning=ExperimentalWarning'],
    coverageAnalysis: 'perTest',
    concurrency: 1,
    logLevel: 'warn',
    warnings: { slow: false },
    reporters: ['clear-text', 'html'],
    clearTextReporter: { allowColor: false, logTests: false, reportTests: false },
    htmlReporter: { fileName: `.gatehouse/mutation/${area}.html` },
    tempDirName: join(tmpdir(), 'gatehouse-mutation'),
    ignorePatterns: ['.gatehouse', 'bench', 'coverage', 'dist', 'docs'],
  }).runMutationTest();
  return scoreOf(mutants);
}

/** Mutants that a comment in the source calls equivalent do not count. */
function scoreOf(mutants) {
  const count = (...statuses) => mutants.filter(({ status }) => statuses.includes(status)).length;
  const noticed = count('Killed', 'Timeout');
  const missed = count('Survived', 'NoCoverage');
  const score = Math.round((1_000 * noticed) / (noticed + missed)) / 10;
  return { score, noticed, missed, equivalent: count('Ignored') };
}
