import { describe, expect, it } from '@jest/globals';
import { useGatehouse } from '../support/use-gatehouse.ts';

const gatehouse = useGatehouse({ replicas: 1 });
const warnings = () => gatehouse.logs.filter((line) => line.includes('TRUST_PROXY is not set'));

describe('X-Forwarded-For without TRUST_PROXY', () => {
  it('is reported once, not for each request', async () => {
    await gatehouse.anonymous.get('/openapi.json').expect(200);
    expect(warnings()).toHaveLength(0);

    for (let n = 0; n < 5; n += 1)
      await gatehouse.anonymous.get('/openapi.json').set('x-forwarded-for', `192.0.2.${n}`);

    expect(warnings()).toHaveLength(1);
  });
});
