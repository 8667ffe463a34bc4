/** An object of another tenant costs as many requests to WorkOS as one that does not exist: the time must not tell them apart. */
import { beforeAll, describe, expect, it } from '@jest/globals';
import { makeThings, NO_THINGS, type Things } from '../support/resource-things.ts';
import { client, gatehouse, globex, useResources } from './resources-setup.ts';

const USERS = '/user_management';
type Ask = (things: Things) => readonly ['delete' | 'get' | 'post' | 'put', string];

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
  'a cursor': ({ connection }) => ['get', `/connections?organization_id=acme&after=${connection}`],
};

useResources();
let theirs: Things;

beforeAll(async () => {
  theirs = await makeThings(gatehouse, globex);
});

describe('the requests to WorkOS', () => {
  it.each(Object.entries(ASKED))(
    'are as many for a foreign as for no object: %s',
    async (_, of) => {
      const costOf = async (things: Things) => {
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
