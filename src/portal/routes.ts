import { implement } from '../http/endpoint.ts';
import { refusePrefetch } from '../http/navigation.ts';
import { portalContract } from './contract.ts';
import type { PortalDoor } from './launch-page.ts';
import type { createReturnPage } from './return-page.ts';
import type { PortalService } from './service.ts';

export const portalRoutes = (
  portal: PortalService,
  door: PortalDoor,
  returnPage: ReturnType<typeof createReturnPage>,
) =>
  implement(
    portalContract,
    {
      generatePortalLink: portal.generateLink,
      createPortalLaunch: portal.create,
      listPortalLaunches: portal.list,
      getPortalLaunch: ({ params, client }) => portal.get(params.launch_id, client),
      revokePortalLaunch: ({ params, client, actor }) =>
        portal.revoke(params.launch_id, client, actor),
      launchPortal: door.open,
      confirmLaunch: door.confirm,
      returnFromPortal: ({ query, headers }) => {
        refusePrefetch(headers);
        return returnPage.show(query.launch, query.finished !== undefined);
      },
    },
    { createPortalLaunch: portal.authorize },
  );
