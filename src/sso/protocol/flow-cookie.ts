import { cookiesIn, hostCookie } from '../../http/cookies.ts';
import { FLOW_SECONDS } from './flow.ts';

/** Cookies that bind a login in progress to the browser that began it, one cookie per login. */
export interface FlowCookies {
  /** @returns `Set-Cookie` values: the new cookie, and deletions of the oldest beyond five */
  begin(flow: string, value: string, header: string | undefined): string[];
  /** Returns undefined when this browser did not begin that login, or has finished it. */
  valueOf(flow: string, header: string | undefined): string | undefined;
  /** @returns `Set-Cookie` values that delete the cookie of a login */
  end(flow: string, header: string | undefined): string[];
  /** Marks a browser as just redirected to a product, for 60 s, so that two sites cannot redirect it in a loop. */
  readonly bounced: { set(): string; isSet(header: string | undefined): boolean };
}

const MAX_FLOWS = 5;
const BOUNCE_SECONDS = 60;

/** @param secure false only in development over http, where browsers refuse `__Host-` cookies */
export function createFlowCookies(secure: boolean): FlowCookies {
  // Without this prefix, any subdomain could set a cookie for a login of its own.
  const prefix = secure ? '__Host-' : '';
  // The time comes first, so that names sort by age.
  const pattern = new RegExp(`^${prefix}gatehouse-flow-[0-9a-z]{9}-([A-Za-z0-9_-]{22})$`);
  const deletion = (name: string) => hostCookie(name, '', { secure, maxAge: 0 });
  const bounce = `${prefix}gatehouse-bounced`;
  const flowOf = (name: string) => pattern.exec(name)?.[1];
  const flowsIn = (header: string | undefined) =>
    cookiesIn(header).filter(([name]) => flowOf(name) !== undefined);

  return {
    begin(flow, value, header) {
      const name = `${prefix}gatehouse-flow-${Date.now().toString(36).padStart(9, '0')}-${flow}`;
      const old = flowsIn(header)
        .map(([known]) => known)
        .toSorted();
      const excess = old.slice(0, Math.max(0, old.length - MAX_FLOWS + 1));
      return [hostCookie(name, value, { secure, maxAge: FLOW_SECONDS }), ...excess.map(deletion)];
    },
    valueOf: (flow, header) => flowsIn(header).find(([name]) => flowOf(name) === flow)?.[1],
    end: (flow, header) =>
      flowsIn(header)
        .filter(([name]) => flowOf(name) === flow)
        .map(([name]) => deletion(name)),
    bounced: {
      set: () => hostCookie(bounce, '1', { secure, maxAge: BOUNCE_SECONDS }),
      isSet: (header) => cookiesIn(header).some(([name]) => name === bounce),
    },
  };
}
