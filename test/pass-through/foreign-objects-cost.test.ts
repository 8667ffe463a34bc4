/** An object of another tenant costs as many requests to WorkOS as one that does not exist: the time must not tell them apart. */
import { beforeAll, describe, expect, it } from '@jest/globals';
import {
  makeOwnThings,
  makeThings,
  NO_THINGS,
  type OwnThings,
  type Things,
} from '../support/resource-things.ts';
import { client, gatehouse, globex, useResources } from './resources-setup.ts';

const USERS = '/user_management';
type Ask = (things: Things & OwnThings) => readonly ['delete' | 'get' | 'post' | 'put', string];

const ASKED: Readonly<Record<string, Ask>> = {
  'a connection to delete': ({ connection }) => ['delete', `/connections/${connection}`],
  'a domain to verify': ({ domain }) => ['post', `/organization_domains/${domain}/verify`],
  'a membership to deactivate': ({ membership }) => [
    'put',
    `${USERS}/organization_memberships/${membership}/deactivate`,
  ],
  'a member whose groups are listed': ({ otherMembership }) => [
    'get',
    `${USERS}/organization_memberships/${otherMembership}/groups`,
  ],
  'an invitation to revoke': ({ invitation }) => [
    'post',
    `${USERS}/invitations/${invitation}/revoke`,
  ],
  'a directory whose users are listed': ({ directory }) => [
    'get',
    `/directory_users?directory=${directory}`,
  ],
  'an API key to delete': ({ apiKey }) => ['delete', `/api_keys/${apiKey}`],
  'a cursor of API keys': ({ apiKey }) => ['get', `/organizations/acme/api_keys?after=${apiKey}`],
  'a cursor': ({ connection }) => ['get', `/connections?organization_id=acme&after=${connection}`],
};

useResources();
let theirs: Things & OwnThings;

beforeAll(async () => {
  const rival = await gatehouse.createClient({ tenants: ['globex'] });
  const owner = { clientId: rival.id, tenantId: 'globex' };
  gatehouse.workos.redirectUris.add('https://gatehouse.example.com/sso/callback');
  theirs = {
    ...(await makeThings(gatehouse, globex)),
    ...(await makeOwnThings(gatehouse, owner, globex)),
  };
});

describe('the requests to WorkOS', () => {
  it.each(Object.entries(ASKED))(
    'are as many for a foreign as for no object: %s',
    async (_, of) => {
      const costOf = async (things: Things & OwnThings) => {
        const [method, path] = of(things);
        const costs: (readonly [number, number])[] = [];
        for (let round = 0; round < 3; round += 1) {
          const before = gatehouse.workos.requests.length;
          const { status } = await gatehouse.as(client, await gatehouse.userToken())[method](path);
          costs.push([status, gatehouse.workos.requests.length - before]);
        }
        return costs;
      };
      const [foreign, none] = [await costOf(theirs), await costOf(NO_THINGS)];

      expect(foreign).toEqual(none);
    },
  );
});
