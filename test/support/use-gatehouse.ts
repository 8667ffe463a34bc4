import { afterAll, afterEach, beforeAll } from '@jest/globals';
import { startTestApp, type TestApp, type TestAppOptions } from './test-app.ts';

/**
 * Starts the whole service before the tests of a file and stops it after them; the faults of the fake
 * WorkOS end with each test. Call it once at the top of a file: its fields are there once hooks and
 * tests run.
 */
export function useGatehouse(options: TestAppOptions = {}): TestApp {
  const gatehouse = {} as TestApp;
  beforeAll(async () => {
    Object.assign(gatehouse, await startTestApp(options));
  });
  afterEach(() => gatehouse.workos.clearFaults());
  afterAll(() => gatehouse.stop());
  return gatehouse;
}
