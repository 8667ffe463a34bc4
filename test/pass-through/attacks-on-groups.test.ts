import { beforeAll, describe, expect, it } from '@jest/globals';
import { askWorkos, makeThings, type Things } from '../support/resource-things.ts';
import { ask, contentOf, outcomeOf, UNKNOWN, useRivals, type Method } from './attacks-setup.ts';
import { acme, gatehouse, globex } from './resources-setup.ts';

useRivals();

let ours: Things;
let theirs: Things;
beforeAll(async () => {
  ours = await makeThings(gatehouse, acme);
  theirs = await makeThings(gatehouse, globex);
});

const MEMBERS = '/organization-memberships';
const pathOf = (group: string, rest: string) =>
  `/organizations/acme/groups/${group}${rest.replace('{membership}', ours.membership)}`;
const acts = () =>
  gatehouse.workos.requests.filter(({ method }) => method !== 'GET').map(({ path }) => path);

describe.each<[Method, string, (() => object)?]>([
  ['patch', '', () => ({ name: 'Theirs' })],
  ['delete', ''],
  ['post', MEMBERS, () => ({ organization_membership_id: ours.otherMembership })],
  ['delete', `${MEMBERS}/{membership}`],
])('%s …/groups/{group_id}%s', (method, rest, body) => {
  const to = (group: string) => ask(method, pathOf(group, rest), body?.());

  it('of another tenant does not reach WorkOS, and is answered like one of no group', async () => {
    gatehouse.workos.requests.length = 0;

    const foreign = await to(theirs.group);
    const unknown = await to(`group_${UNKNOWN}`);

    expect(outcomeOf(foreign)).toEqual([404, 'not_found']);
    expect(contentOf(foreign)).toEqual(contentOf(unknown));
    expect(acts()).toEqual([]);
  });

  it('of another tenant does not reach WorkOS though WorkOS ignores whose group is asked for', async () => {
    const path = `/organizations/${acme}/groups/${theirs.group}`;
    const group = await askWorkos(gatehouse, 'GET', path.replace(acme, globex));
    gatehouse.workos.fault(`GET ${path}`, { kind: 'status', status: 200, body: group });
    gatehouse.workos.requests.length = 0;

    const res = await to(theirs.group);

    gatehouse.workos.clearFaults();
    expect(outcomeOf(res)).toEqual([404, 'not_found']);
    expect(acts()).toEqual([]);
  });
});
