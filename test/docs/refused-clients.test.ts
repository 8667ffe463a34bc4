/** Somebody on call looks up the cause of the log in the runbook, in the same words. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';

const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
const runbook = read('docs/runbooks/GatehouseClientsRefused.md');
const CAUSES = [
  ...read('src/clients/credentials.ts').matchAll(/new CredentialRefused\('([^']+)'\)/g),
].map(([, cause]) => cause ?? '');
const QUOTED = [...runbook.matchAll(/“([^”]+)”/g)].map(([, words]) => words ?? '');
const LOGGED = ['clients/credentials', 'auth/refusals', 'auth/token-problems']
  .map((name) => read(`src/${name}.ts`))
  .join('\n');

describe('the runbook of GatehouseClientsRefused', () => {
  it('says what to do about every cause for which a client’s credential is refused', () => {
    expect(CAUSES.length).toBeGreaterThan(5);
    expect(CAUSES.filter((cause) => !QUOTED.includes(cause))).toEqual([]);
  });

  it('names no cause that the log does not have', () => {
    expect(QUOTED.filter((words) => !LOGGED.includes(words))).toEqual([]);
  });
});
