import { FLOW_SECONDS } from './flow.ts';

/** A login in flight, in the browser that began it. */
export interface FlowCookies {
  /** Sets one, and drops the oldest beyond five. */
  begin(flow: string, value: string, header: string | undefined): string[];
  /** Undefined: this browser has not begun that flow, or it is spent. */
  valueOf(flow: string, header: string | undefined): string | undefined;
  /** Spends it. */
  end(flow: string, header: string | undefined): string[];
  /** Remembers for 60 s that this browser was just sent on, so that two sites cannot play ball with it. */
  readonly bounced: { set(): string; isSet(header: string | undefined): boolean };
}

const MAX_FLOWS = 5;
const BOUNCE_SECONDS = 60;

/** @param secure false: development over http, where a `__Host-` cookie would be refused */
export function createFlowCookies(secure: boolean): FlowCookies {
  // Without the prefix anybody's subdomain could plant a login of its own in a browser.
  const prefix = secure ? '__Host-' : '';
  // The time comes first, so that names sort by age.
  const pattern = new RegExp(`^${prefix}gatehouse-flow-[0-9a-z]{9}-([A-Za-z0-9_-]{22})$`);
  const attributes = `; Path=/; HttpOnly; SameSite=Lax${secure ? '; Secure' : ''}`;
  const drop = (name: string) => `${name}=; Max-Age=0${attributes}`;
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
      const dropped = old.slice(0, Math.max(0, old.length - MAX_FLOWS + 1));
      return [`${name}=${value}; Max-Age=${FLOW_SECONDS}${attributes}`, ...dropped.map(drop)];
    },
    valueOf: (flow, header) => flowsIn(header).find(([name]) => flowOf(name) === flow)?.[1],
    end: (flow, header) =>
      flowsIn(header)
        .filter(([name]) => flowOf(name) === flow)
        .map(([name]) => drop(name)),
    bounced: {
      set: () => `${bounce}=1; Max-Age=${BOUNCE_SECONDS}${attributes}`,
      isSet: (header) => cookiesIn(header).some(([name]) => name === bounce),
    },
  };
}

const cookiesIn = (header = ''): [string, string][] =>
  header.split(';').map((part) => {
    const [name = '', ...value] = part.trim().split('=');
    return [name, value.join('=')];
  });
