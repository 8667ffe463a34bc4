import { expect, it } from '@jest/globals';
import { openRaw } from '../support/raw.ts';
import { useGatehouse } from '../support/use-gatehouse.ts';

const gatehouse = useGatehouse();

it('a request has ten seconds to bring its headers', async () => {
  const raw = await openRaw(gatehouse.url);
  const began = performance.now();
  raw.socket.write('GET /v1/tenants HTTP/1.1\r\nHost: gatehouse\r\nX-Slow');

  const { statuses, headers, closed } = await raw.ended(15_000);

  expect([statuses, closed]).toEqual([[408], true]);
  expect(headers).toMatchObject({
    'content-type': 'application/problem+json',
    connection: 'close',
  });
  expect(performance.now() - began).toBeGreaterThan(9_000);
});
