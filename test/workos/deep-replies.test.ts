/** A reply of WorkOS that is nested deeper than functions can follow that call themselves for each level. */
import { beforeAll, expect, it } from '@jest/globals';
import { connect } from '../support/sign-in.ts';
import type { TestClient } from '../support/test-app.ts';
import { useGatehouse } from '../support/use-gatehouse.ts';

const LEVELS = 10_000;
const DEEP = `${'{"a":'.repeat(LEVELS)}1${'}'.repeat(LEVELS)}`;

const gatehouse = useGatehouse();
let client: TestClient;
beforeAll(async () => {
  client = await gatehouse.createClient();
  await gatehouse.provision('acme');
  await connect(gatehouse, 'acme');
});

/** Lets the next reply to this path have a deep value at `place`, e.g. `data.0.metadata`. */
async function nestNextReply(path: string, place: string, authorization: string): Promise<void> {
  const headers = { authorization };
  const reply = (await (await fetch(gatehouse.workos.url + path, { headers })).json()) as object;
  const names = place.split('.');
  const last = names.pop() ?? '';
  const inner = names.reduce<object>(
    (at, name) => (at as Record<string, object>)[name] ?? {},
    reply,
  );
  Object.assign(inner, { [last]: 'DEEP' });
  const body = JSON.stringify(reply).replace('"DEEP"', DEEP);
  const type = 'application/json';
  gatehouse.workos.fault(`GET ${path}`, { kind: 'content-type', type, body }, { times: 1 });
}

it.each([
  ['an object', '/connections/{id}', 'unknown'],
  ['a list', '/connections', 'data.0.unknown'],
  ['free-form metadata', '/user_management/users/{id}', 'metadata'],
])('in %s is the same 502 as any reply that cannot be read', async (_what, template, place) => {
  const [collection = ''] = template.split('/{id}');
  if (collection.endsWith('users'))
    await gatehouse.as(client).post(collection).send({ email: 'ada@people.example' });
  const all = (await gatehouse.as(client).get(collection)).body as { data: { id: string }[] };
  const path = template.replace('{id}', all.data[0]?.id ?? '');
  await nestNextReply(path, place, `Bearer ${gatehouse.workos.apiKey}`);
  const answer = await gatehouse.as(client).get(path);

  expect(answer.body).toMatchObject({ status: 502, code: 'upstream_invalid_response' });
  expect((await gatehouse.as(client).get(path)).status).toBe(200);
});
