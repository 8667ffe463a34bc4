/** A name server that does not answer keeps a thread of Node for each name, and only a process of its own shows that. */
import { describe, expect, it } from '@jest/globals';
import { freePort } from '../../src/dev/embedded-postgres.ts';
import { runGatehouse } from '../support/gatehouse-process.ts';

/** Writes the number of its threads at the end. */
const COUNTS_THREADS = `data:text/javascript,${encodeURIComponent(`
  import { readFileSync } from 'node:fs';
  process.on('exit', () => console.error(readFileSync('/proc/self/status', 'utf8').match(/Threads:.*/)[0]));
`)}`;

describe('gatehouse doctor', () => {
  it('has a thread for every name that it looks up, so that one that hangs does not make another server seem away', async () => {
    const { err } = await runGatehouse(['doctor'], {
      NODE_ENV: 'test',
      NODE_OPTIONS: `--import=${COUNTS_THREADS}`,
      DATABASE_URL: `postgres://localhost:${await freePort()}/gatehouse`,
    });

    expect(Number(/Threads:\s+(\d+)/.exec(err)?.[1])).toBeGreaterThan(32);
  });
});
