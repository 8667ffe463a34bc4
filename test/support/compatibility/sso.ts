import { REDIRECT_URI } from '../sign-in.ts';
import type { Call, World } from './call.ts';

const login = ({ acme, clientId }: World) => ({
  clientId,
  organization: acme,
  redirectUri: REDIRECT_URI,
  state: 'there and back',
});

/** An authorization URL of the SDK's own, followed by a browser. */
async function code(world: World): Promise<string> {
  const url = world.sdk.sso?.getAuthorizationUrl?.(login(world));
  return world.signIn(url as string);
}

export const ssoCalls: readonly Call[] = [
  { method: 'sso.listConnections', args: ({ acme }) => [{ organizationId: acme }] },
  {
    method: 'sso.listConnections',
    when: 'of every organization',
    args: () => [{ limit: 1 }],
    keep: 'page',
    idOf: ({ listMetadata }: { listMetadata: { after: string } }) => listMetadata.after,
  },
  {
    method: 'sso.listConnections',
    when: 'the next page',
    args: ({ ids }) => [{ limit: 1, after: ids.page }],
  },
  {
    method: 'sso.listConnections',
    when: 'by kind',
    args: ({ acme }) => [{ organizationId: acme, connectionType: 'GoogleSAML' }],
  },
  {
    method: 'sso.listConnections',
    when: 'the order is none',
    args: ({ acme }) => [{ organizationId: acme, order: 'random' }],
  },
  { method: 'sso.getConnection', args: ({ ids }) => [ids.connection] },
  { method: 'sso.getConnection', when: 'there is none', args: () => ['conn_none'] },
  { method: 'sso.getAuthorizationUrl', args: (world) => [login(world)] },
  { method: 'sso.getAuthorizationUrlWithPKCE', args: (world) => [login(world)] },
  {
    method: 'sso.getProfileAndToken',
    args: async (world) => [{ clientId: world.clientId, code: await code(world) }],
    keep: 'accessToken',
    idOf: ({ accessToken }: { accessToken: string }) => accessToken,
  },
  {
    method: 'sso.getProfileAndToken',
    when: 'there is no such code',
    args: ({ clientId }) => [{ clientId, code: 'none' }],
  },
  { method: 'sso.getProfile', args: ({ ids }) => [{ accessToken: ids.accessToken }] },
  { method: 'sso.getProfile', when: 'the token is none', args: () => [{ accessToken: 'none' }] },
  { method: 'sso.deleteConnection', args: ({ ids }) => [ids.doomedConnection] },
  {
    method: 'sso.deleteConnection',
    when: 'it is gone',
    args: ({ ids }) => [ids.doomedConnection],
  },
];
