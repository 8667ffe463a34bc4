import { afterAll, afterEach, beforeAll } from '@jest/globals';
import { CHECKS, doctorCommand } from '../../src/cli/doctor.ts';
import { runChecks } from '../../src/cli/doctor/check.ts';
import { openWorld } from '../../src/cli/doctor/world.ts';
import { runHere, settingsOf } from '../support/command-here.ts';
import { startTestApp, type TestApp } from '../support/test-app.ts';

export interface Finding {
  readonly check: string;
  readonly level: string;
  readonly says: string;
  readonly remedy?: string;
}

/** A running gateway with a tenant and a client, as it looks while a worker leads. */
export let gatehouse: TestApp;

const settings = () => settingsOf(gatehouse);

/** Runs one check, with settings that differ. */
export async function findingsOf(name: string, changes: Readonly<Record<string, string>> = {}) {
  const world = openWorld({ ...settings(), ...changes });
  try {
    return await runChecks(
      CHECKS.filter((check) => check.name === name),
      world,
    );
  } finally {
    await world.close();
  }
}

/** Runs `gatehouse doctor --json`. */
export async function examine(changes: Readonly<Record<string, string>> = {}, ...flags: string[]) {
  const { code, out, err } = await runHere(
    (terminal) => doctorCommand(['--json', ...flags], terminal),
    { ...settings(), ...changes },
  );
  const { findings } = JSON.parse(out) as { findings: Finding[] };
  return { code, out, err, findings };
}

/** As text, for people. */
export const examineAsText = () => runHere((terminal) => doctorCommand([], terminal), settings());

export const sql = (text: string, values: readonly unknown[] = []) =>
  gatehouse.database.superuser(text, values);

export function useDoctor(): void {
  beforeAll(async () => {
    gatehouse = await startTestApp();
    await gatehouse.createClient({ initiateLoginUri: 'https://app.example.com/login' });
    await gatehouse.provision('acme');
    gatehouse.workos.addWebhookEndpoint({
      url: `${settings().PUBLIC_URL ?? ''}/webhooks/workos`,
      secret: 'x',
      events: [],
    });
    await sql(
      `insert into leases (name, holder, term, until) values ('worker', gen_random_uuid(), 1, now() + interval '1 day')`,
    );
    await sql(
      `insert into feed_cursors (feed, read_at) values ('workos', now() + interval '1 day')`,
    );
  });
  afterEach(() => {
    gatehouse.workos.clearFaults();
    gatehouse.workos.redirectUris.clear();
  });
  afterAll(() => gatehouse.stop());
}
