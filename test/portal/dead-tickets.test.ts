/** Anybody may present tickets, so dead ones must cost little: those that come at once share statements. */
import { beforeAll, describe, expect, it } from '@jest/globals';
import { valueOf } from '../support/metrics.ts';
import { createLaunch, openLaunchPage, pressButton } from '../support/portal-calls.ts';
import type { TestClient } from '../support/test-app.ts';
import { useGatehouse } from '../support/use-gatehouse.ts';

const gatehouse = useGatehouse();
const AT_ONCE = 60;
let client: TestClient;
let used: string;

beforeAll(async () => {
  client = await gatehouse.createClient();
  await gatehouse.provision('acme');
  const { ticket } = await createLaunch(gatehouse, client);
  used = ticket;
  await openLaunchPage(gatehouse.url, { ticket });
});

const STATEMENTS = 'gatehouse_database_statement_duration_seconds_count{outcome="ok"}';
async function statements(): Promise<number> {
  const metrics = await fetch(`${gatehouse.adminUrls[0] ?? ''}/metrics`);
  return valueOf(await metrics.text(), STATEMENTS) ?? 0;
}

describe('dead tickets that are presented at once', () => {
  it.each<[string, () => string]>([
    ['used', () => used],
    ['unknown', () => 'A'.repeat(43)],
  ])('cost two statements each at most: %s', async (_case, ticket) => {
    const before = await statements();
    const answers = await Promise.all(
      Array.from({ length: AT_ONCE }, (_, n) =>
        n % 2 === 0
          ? openLaunchPage(gatehouse.url, { ticket: ticket() })
          : pressButton(gatehouse.url, { ticket: ticket() }),
      ),
    );
    const cost = (await statements()) - before;

    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([410]));
    // Half of it to spare for background tasks.
    expect(cost).toBeLessThan(2.5 * AT_ONCE);
  });
});
