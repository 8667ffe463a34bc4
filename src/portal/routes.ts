import { implement } from '../http/endpoint.ts';
import { portalContract } from './protocol/contract.ts';
import { authorizeLaunch, createLaunch } from './launches/create-launch.ts';
import type { PortalDeps } from './protocol/deps.ts';
import { generateLink } from './launches/generate-link.ts';
import { confirmLaunch, openLaunchPage, openSetupPage } from './launch-page/launch-page.ts';
import { getLaunch, listLaunches, revokeLaunch } from './launches/launches.ts';
import { launchFromPage } from './setup-page/launch-from-page.ts';
import { showSignInTest, startSignInTest } from './setup-page/test-sign-in.ts';
import { showSetupPage } from './setup-page/show-page.ts';
import { showReturnPage } from './return/return-page.ts';

export const portalRoutes = (deps: PortalDeps) =>
  implement(
    portalContract,
    {
      generatePortalLink: (input) => generateLink(deps, input),
      createPortalLaunch: (input) => createLaunch(deps, input),
      listPortalLaunches: (input) => listLaunches(deps, input),
      getPortalLaunch: (input) => getLaunch(deps, input),
      revokePortalLaunch: (input) => revokeLaunch(deps, input),
      launchPortal: (input) => openLaunchPage(deps, input),
      confirmLaunch: (input) => confirmLaunch(deps, input),
      openSetupPage: (input) => openSetupPage(deps, input),
      showSetupPage: (input) => showSetupPage(deps, input),
      launchFromSetupPage: (input) => launchFromPage(deps, input),
      testSignIn: (input) => startSignInTest(deps, input),
      showSignInTest: (input) => showSignInTest(deps, input),
      returnFromPortal: (input) => showReturnPage(deps, input),
    },
    { createPortalLaunch: (input) => authorizeLaunch(deps, input) },
  );
