import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { SCHEMA, schemaOf } from '../../client/generate.mjs';
import { readContract } from '../support/contract-validator.ts';

const json = (path: string) =>
  JSON.parse(readFileSync(path, 'utf8')) as {
    version: string;
    files?: string[];
    dependencies: Record<string, string>;
    devDependencies: Record<string, string>;
  };

describe('the client', () => {
  it('has the types that openapi.yaml generates: npm run client', async () => {
    expect(readFileSync(SCHEMA, 'utf8')).toBe(await schemaOf(readContract()));
  });

  it('has the version and licence of the service, and the dependency that is tested here', () => {
    const service = json('package.json');
    const client = json('client/package.json');

    expect(client.version).toBe(service.version);
    expect(client.dependencies).toEqual({
      'openapi-fetch': service.devDependencies['openapi-fetch'],
    });
    expect(readFileSync('client/LICENSE', 'utf8')).toBe(readFileSync('LICENSE', 'utf8'));
  });
});
