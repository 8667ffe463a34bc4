import type { FakeWorkos } from '../../src/dev/fake-workos/server.ts';

/** Makes an organization that is not ours, as somebody does in WorkOS's dashboard. @returns its id */
export async function organizationByHand(workos: FakeWorkos, fields: object = {}): Promise<string> {
  const response = await fetch(`${workos.url}/organizations`, {
    method: 'POST',
    headers: { authorization: `Bearer ${workos.apiKey}`, 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'Made by hand', ...fields }),
  });
  return ((await response.json()) as { id: string }).id;
}
