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
const FLOW_SECONDS = 600;
const BOUNCE_SECONDS = 60;
/** The time comes first, so that names sort by age. */
const NAME = /^(?:__Host-)?gatehouse-flow-([0-9a-z]{9})-([A-Za-z0-9_-]{22})$/;

/** @param secure false: development over http, where a `__Host-` cookie would be refused */
export function createFlowCookies(secure: boolean): FlowCookies {
  const prefix = secure ? '__Host-' : '';
  const attributes = `; Path=/; HttpOnly; SameSite=Lax${secure ? '; Secure' : ''}`;
  const drop = (name: string) => `${name}=; Max-Age=0${attributes}`;
  const bounce = `${prefix}gatehouse-bounced`;

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

const flowOf = (name: string): string | undefined => NAME.exec(name)?.[2];

const flowsIn = (header: string | undefined): [string, string][] =>
  cookiesIn(header).filter(([name]) => NAME.test(name));

const cookiesIn = (header = ''): [string, string][] =>
  header.split(';').map((part) => {
    const [name = '', ...value] = part.trim().split('=');
    return [name, value.join('=')];
  });
