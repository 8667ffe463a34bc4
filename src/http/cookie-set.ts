import { cookiesIn, hostCookie } from './cookies.ts';

/** Cookies of one kind, one for each thing that the browser has under way. */
export interface CookieSet {
  /** @returns `Set-Cookie` values: the new cookie, and deletions of the oldest beyond five */
  begin(id: string, value: string, header: string | undefined): string[];
  /** Returns undefined when this browser has no cookie for this id. */
  valueOf(id: string, header: string | undefined): string | undefined;
  /** @returns `Set-Cookie` values that delete the cookie of this id */
  end(id: string, header: string | undefined): string[];
}

export interface CookieSetOptions {
  readonly name: string;
  /** Seconds. */
  readonly maxAge: number;
  /** False only in development over http, where browsers refuse `__Host-` cookies. */
  readonly secure: boolean;
}

const MOST = 5;

export function createCookieSet({ name, maxAge, secure }: CookieSetOptions): CookieSet {
  // Without this prefix, any subdomain could set a cookie of this kind.
  const prefix = `${secure ? '__Host-' : ''}${name}-`;
  // The time comes first, so that names sort by age.
  const pattern = new RegExp(`^${prefix}[0-9a-z]{9}-([A-Za-z0-9_-]{1,64})$`);
  const idOf = (cookie: string) => pattern.exec(cookie)?.[1];
  const deletion = (cookie: string) => hostCookie(cookie, '', { secure, maxAge: 0 });
  const ownIn = (header: string | undefined) =>
    cookiesIn(header).filter(([cookie]) => idOf(cookie) !== undefined);

  return {
    begin(id, value, header) {
      const added = `${prefix}${Date.now().toString(36).padStart(9, '0')}-${id}`;
      const old = ownIn(header)
        .map(([cookie]) => cookie)
        .toSorted();
      const excess = old.slice(0, Math.max(0, old.length - MOST + 1));
      return [hostCookie(added, value, { secure, maxAge }), ...excess.map(deletion)];
    },
    valueOf: (id, header) => ownIn(header).findLast(([cookie]) => idOf(cookie) === id)?.[1],
    end: (id, header) =>
      ownIn(header)
        .filter(([cookie]) => idOf(cookie) === id)
        .map(([cookie]) => deletion(cookie)),
  };
}
