import { beforeAll, expect, it } from '@jest/globals';
import { connect } from '../support/sign-in.ts';
import type { TestClient } from '../support/test-app.ts';
import { useGatehouse } from '../support/use-gatehouse.ts';
import { waitFor } from '../support/wait-for.ts';

const gatehouse = useGatehouse({ replicas: 2 });
let client: TestClient;
let connections: readonly string[];

beforeAll(async () => {
  client = await gatehouse.createClient();
  await gatehouse.provision('acme');
  connections = [await connect(gatehouse, 'acme'), await connect(gatehouse, 'acme')];
});

it('a Retry-After is not shortened by the answer to a call that was under way with it, on any replica', async () => {
  const limited = { kind: 'status', status: 429 } as const;
  for (const retryAfter of [60, 1])
    gatehouse.workos.fault('GET /connections/*', { ...limited, retryAfter }, { times: 1 });
  const read = (id: string | undefined, replica = 0) =>
    gatehouse.as(client, undefined, replica).get(`/connections/${id}`);

  const both = await Promise.all(connections.map((id) => read(id)));
  const next = await read(connections[0]);
  const elsewhere = await waitFor(async () => {
    const answer = await read(connections[0], 1);
    return answer.status === 503 && answer;
  });

  expect(both.map(({ status }) => status)).toEqual([503, 503]);
  expect(next.status).toBe(503);
  expect(Number(next.headers['retry-after'])).toBeGreaterThan(30);
  expect(Number(elsewhere.headers['retry-after'])).toBeGreaterThan(30);
});
