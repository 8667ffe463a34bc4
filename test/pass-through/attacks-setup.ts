import { beforeAll } from '@jest/globals';
import { askWorkos } from '../support/resource-things.ts';
import type { TestClient } from '../support/test-app.ts';
import { client, gatehouse, useResources } from './resources-setup.ts';

/** Of `globex` alone. */
export let rival: TestClient;

export function useRivals(): void {
  useResources();
  beforeAll(async () => {
    rival = await gatehouse.createClient({ tenants: ['globex'] });
  });
}

export type Method = 'get' | 'post' | 'put' | 'patch' | 'delete';
export interface Answer {
  readonly status: number;
  readonly text: string;
  readonly body: unknown;
}

export const MEMBERSHIPS = '/user_management/organization_memberships';
export const INVITATIONS = '/user_management/invitations';
export const UNKNOWN = '01ARZ3NDEKTSV4RRFFQ69G5FAV';

export const ask = async (
  method: Method,
  path: string,
  body?: object,
  as: TestClient = client,
): Promise<Answer> => {
  const request = gatehouse.as(as)[method](path);
  return body ? request.send(body) : request;
};
/** All of a reply but what is of the request alone. */
export const contentOf = ({ status, text }: Answer) => [
  status,
  text.replace(/"urn:uuid:[0-9a-f-]{36}"/, '""'),
];
export const outcomeOf = ({ status, body }: Answer) => [status, (body as { code?: string }).code];
export const idOf = ({ body }: Answer): string => (body as { id: string }).id;
export const emailOf = (user: string): string =>
  gatehouse.workos.state.users.get(user)?.email ?? '';
/** As an e-mail of WorkOS or its dashboard would. */
export const invite = (organization_id: string | undefined, email: string) =>
  askWorkos<{ id: string; token: string; accept_invitation_url: string }>(
    gatehouse,
    'POST',
    INVITATIONS,
    { email, ...(organization_id && { organization_id }) },
  );
export const membershipsOf = (user: string) =>
  [...gatehouse.workos.state.organizationMemberships.values()].filter(
    (one) => one.user_id === user,
  );
