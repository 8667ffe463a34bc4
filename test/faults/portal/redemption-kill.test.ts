/** Processes that are killed in the middle of redemptions which share statements. */
import { expect, it } from '@jest/globals';
import { useFaultWorld } from '../../support/use-fault-world.ts';
import { serve } from '../../support/gatehouse-process.ts';
import { createLatch } from '../../support/latch.ts';
import { openLaunchPage } from '../../support/portal-calls.ts';
import { waitFor } from '../../support/wait-for.ts';

const MINT = 'POST /portal/generate_link';

const world = useFaultWorld();

async function newTicket(url: string): Promise<string> {
  const fields = { tenant_id: 'acme', intent: 'sso', mode: 'redirect' };
  const { body } = await world.call(url, 'POST', '/v1/portal-launches', fields);
  return new URL(String(body.url)).searchParams.get('ticket') ?? '';
}

const open = (url: string, ticket: string) =>
  openLaunchPage(url, { ticket }).then(
    ({ status }) => status,
    () => undefined,
  );

const outcomes = async () =>
  (
    await world.superuser<{ outcomes: string }>(
      `select string_agg(outcome, ' ' order by id) as outcomes from audit_trail
       where operation = 'launchPortal' group by details->>'launch'`,
    )
  ).map((row) => row.outcomes);

it('tickets of a killed process redirect once each, when its leases are over', async () => {
  const first = await serve(world.env);
  const { url } = first;
  await first.ready();
  await world.call(url, 'PUT', '/v1/tenants/acme', { name: 'Acme' });
  const tickets = await Promise.all(Array.from({ length: 8 }, () => newTicket(url)));
  const gate = createLatch();
  world.workos.fault(MINT, { kind: 'hold', until: gate.opened });
  const cutOff = tickets.map((ticket) => open(url, ticket));
  await waitFor(() => world.workos.requestsTo(MINT).length === tickets.length);
  first.child.kill('SIGKILL');
  expect(await Promise.all(cutOff)).toEqual(tickets.map(() => undefined));
  gate.open();
  world.workos.clearFaults();
  await world.superuser(`update portal_launches set expires_at = now() + interval '1 hour'`);
  const second = await serve(world.env);
  await second.ready();
  const openAll = () => Promise.all(tickets.map((ticket) => open(second.url, ticket)));

  const leased = await openAll();
  await world.superuser('update portal_launches set lease_until = now()');
  const again = await openAll();
  const spent = await openAll();
  second.child.kill('SIGTERM');

  expect([leased, again, spent]).toEqual(
    [410, 303, 410].map((status) => tickets.map(() => status)),
  );
  expect(await outcomes()).toEqual(tickets.map(() => 'attempted attempted succeeded'));
  expect(await second.ended).toBe(0);
});
