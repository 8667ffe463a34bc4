/** “The page says reference 6426bf65-…”: what support hears from an IT admin, and types into `gatehouse why`. */
import { beforeAll, describe, expect, it } from '@jest/globals';
import { createLaunch, openLaunchPage } from '../support/portal-calls.ts';
import type { TestClient } from '../support/test-app.ts';
import { useGatehouse } from '../support/use-gatehouse.ts';
import { waitFor } from '../support/wait-for.ts';
import { askWhy } from '../support/why.ts';
import { within } from '../support/within.ts';

const gatehouse = useGatehouse();
let client: TestClient;

beforeAll(async () => {
  client = await gatehouse.createClient({});
  await gatehouse.provision('acme');
});

const open = (query: Readonly<Record<string, string>>) => openLaunchPage(gatehouse.url, query);
const referenceOn = (html: string): string =>
  /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/.exec(html)?.[0] ?? '';
/** Refusals without a row in the audit trail are stored once a second. */
const requestOf = (reference: string) =>
  waitFor(async () => (await askWhy(gatehouse, reference)).request ?? undefined, {
    ...{ everyMs: 150, withinMs: within(15_000), what: reference },
  });

describe('gatehouse why with the reference of a page', () => {
  it('names the tenant and what happened, when WorkOS was away', async () => {
    const { ticket } = await createLaunch(gatehouse, client);
    gatehouse.workos.fault('POST /portal/generate_link', { kind: 'status', status: 500 });
    const page = await open({ ticket });
    gatehouse.workos.clearFaults();

    const { request, timeline } = await askWhy(gatehouse, referenceOn(page.text));

    expect(request).toMatchObject({
      tenant_id: 'acme',
      text: expect.stringMatching(
        /^Opening of a portal link failed .*WorkOS answered 500/,
      ) as unknown,
    });
    expect(timeline.map(({ operation }) => operation)).toContain('createPortalLaunch');
  });

  it('names the tenant of a link that was opened twice', async () => {
    const { ticket } = await createLaunch(gatehouse, client);
    await open({ ticket });
    const page = await open({ ticket });

    const { text, tenant_id: tenantId } = await requestOf(referenceOn(page.text));

    expect(tenantId).toBe('acme');
    expect(text).toMatch(/^Opening of a portal link was refused/);
  });

  it('sends the operator to the log if no tenant is recorded, and does not offer to create one', async () => {
    const page = await open({ ticket: 'x'.repeat(43) });

    const { code, request, causes } = await askWhy(gatehouse, referenceOn(page.text));

    expect([code, request]).toEqual([1, null]);
    expect(causes[0]?.remedy).toContain('`request_id`');
    expect(causes[0]?.remedy).not.toContain('PUT');
  });

  it('answers about the tenant if its id has the form of a reference', async () => {
    const id = '72228a4b-1a27-4e58-bd2b-66ea8717a8d7';
    await gatehouse.provision(id);

    const { request, causes } = await askWhy(gatehouse, id);

    expect(request).toBeNull();
    expect(causes.map(({ cause }) => cause)).not.toContain('tenant_unknown');
  });
});
