import { createCookieSet, type CookieSet } from '../../http/cookie-set.ts';
import { cookiesIn, hostCookie } from '../../http/cookies.ts';
import { FLOW_SECONDS } from './flow.ts';

/** Cookies that bind a login in progress to the browser that began it, one cookie per login. */
export interface FlowCookies extends CookieSet {
  /** Marks a browser as just redirected to a product, for 60 s, so that two sites cannot redirect it in a loop. */
  readonly bounced: { set(): string; isSet(header: string | undefined): boolean };
}

const BOUNCE_SECONDS = 60;

/** @param secure false only in development over http, where browsers refuse `__Host-` cookies */
export function createFlowCookies(secure: boolean): FlowCookies {
  const bounce = `${secure ? '__Host-' : ''}gatehouse-bounced`;
  return {
    ...createCookieSet({ name: 'gatehouse-flow', maxAge: FLOW_SECONDS, secure }),
    bounced: {
      set: () => hostCookie(bounce, '1', { secure, maxAge: BOUNCE_SECONDS }),
      isSet: (header) => cookiesIn(header).some(([name]) => name === bounce),
    },
  };
}
