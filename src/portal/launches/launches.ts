import { Problem } from '../../core/problem.ts';
import type { InputOf } from '../../http/endpoint.ts';
import type { portalContract } from '../protocol/contract.ts';
import type { PortalDeps } from '../protocol/deps.ts';
import { launchReply, type LaunchReply } from './launch-reply.ts';

type Deps = Pick<PortalDeps, 'launches'>;

export async function listLaunches(
  { launches }: Deps,
  { query, client }: InputOf<typeof portalContract, 'listPortalLaunches'>,
) {
  const page = await launches.list(client, query);
  return { object: 'list' as const, ...page, data: page.data.map(launchReply) };
}

/** @throws Problem `not-found` */
export async function getLaunch(
  { launches }: Deps,
  { params, client }: InputOf<typeof portalContract, 'getPortalLaunch'>,
): Promise<LaunchReply> {
  return launchReply((await launches.byId(client, params.launch_id)) ?? refuseUnknown());
}

/** Safe to repeat. @throws Problem `not-found` */
export async function revokeLaunch(
  { launches }: Deps,
  {
    params: { launch_id: id },
    client,
    actor,
  }: InputOf<typeof portalContract, 'revokePortalLaunch'>,
): Promise<LaunchReply> {
  const audit = { actor, outcome: 'succeeded', details: { launch: id } } as const;
  return launchReply((await launches.revoke(client, id, audit)) ?? refuseUnknown());
}

function refuseUnknown(): never {
  throw new Problem('not-found', 'The client has no such launch.');
}
