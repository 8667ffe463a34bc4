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

describe('a number in the metadata of an audit log event', () => {
  /** Sends an event as JSON text, because JavaScript cannot hold every number that other languages write. */
  const send = (number: string) => {
    const event = {
      ...{ action: ACTION, occurred_at: '2026-11-30T01:02:03.456Z' },
      actor: { id: 'u1', type: 'user' },
      targets: [{ id: 't1', type: 'team', metadata: { seats: 'NUMBER' } }],
      context: { location: '1.1.1.1' },
    };
    return gatehouse
      .as(client)
      .post('/audit_logs/events')
      .set('Content-Type', 'application/json')
      .send(JSON.stringify({ organization_id: 'acme', event }).replace('"NUMBER"', number));
  };

  it.each(['9007199254740991', '-9007199254740991', '0.1', '1.5e3'])(
    'reaches WorkOS as it was written: %s',
    async (number) => {
      const answer = await send(number);

      expect(answer.status).toBe(200);
      expect(gatehouse.workos.requests.at(-1)?.body).toMatchObject({
        event: { targets: [{ metadata: { seats: Number(number) } }] },
      });
    },
  );

  it.each(['9007199254740993', '-9223372036854775808', '1e20'])(
    'is refused if it could be rounded, and the refusal names the field: %s',
    async (number) => {
      const before = gatehouse.workos.requests.length;
      const answer = await send(number);

      expect(answer.status).toBe(422);
      expect(answer.body).toMatchObject({
        code: 'invalid_request',
        errors: [
          {
            field: 'event.targets.0.metadata.seats',
            message: expect.stringContaining('send it as text'),
          },
        ],
      });
      expect(gatehouse.workos.requests).toHaveLength(before);
    },
  );
});
