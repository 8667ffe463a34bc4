import { beforeAll, describe, expect, it } from '@jest/globals';
import type { TestClient } from '../support/test-app.ts';
import { useGatehouse } from '../support/use-gatehouse.ts';

const gatehouse = useGatehouse();
const ACTION = 'user.signed_in';
let client: TestClient;

beforeAll(async () => {
  client = await gatehouse.createClient();
  await gatehouse.provision('acme');
  const properties = { seats: { type: 'number' } };
  await gatehouse
    .as(client)
    .post(`/audit_logs/actions/${ACTION}/schemas`)
    .send({ targets: [{ type: 'team', metadata: { type: 'object', properties } }] })
    .expect(201);
});

describe('an audit log event as the Python SDK 10.2 writes it, whose metadata WorkOS refuses', () => {
  it.each([
    ['seats', 'event.targets.0.metadata.seats'],
    ['größe', 'event.targets.0.metadata'],
    ['plan name', 'event.targets.0.metadata'],
  ])(
    'is answered with as much of the field’s path as is safe to repeat: %s',
    async (key, field) => {
      const answer = await gatehouse
        .as(client)
        .post('/audit_logs/events')
        .send({
          organization_id: 'acme',
          event: {
            ...{ action: ACTION, occurred_at: '2026-11-30T01:02:03.456Z' },
            actor: { id: 'u1', type: 'user', name: 'Ü', metadata: {} },
            targets: [{ id: 't1', type: 'team', metadata: { [key]: 'x' } }],
            context: { location: '1.1.1.1', user_agent: 'UA' },
          },
        });

      expect(answer.status).toBe(400);
      expect(answer.body).toMatchObject({ code: 'invalid_audit_log_event', errors: [{ field }] });
    },
  );
});
