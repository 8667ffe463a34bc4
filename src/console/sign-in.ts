import type { IncomingMessage } from 'node:http';
import { cookiesIn, hostCookie } from '../http/cookies.ts';
import { isSecureHost } from './address.ts';
import * as cards from './cards.ts';
import { BASE, type Frame } from './frame.ts';
import { matchPath, type Visitor } from './page.ts';
import type { Reply } from './reply.ts';
import { formTokenOf, isToken, type Sessions } from './sessions.ts';
import { SESSION_HOURS, type Session } from './session-store.ts';

export interface SignInDeps {
  readonly sessions: Sessions;
  readonly frame: Frame;
  readonly consoleUrl: string | undefined;
}

/** Another program at this host may have set cookies of the same name, for another path. Each costs a query. */
const MOST_COOKIES = 4;

export type SignIn = ReturnType<typeof createSignIn>;

/** Signs browsers in and out. */
export function createSignIn({ sessions, frame, consoleUrl }: SignInDeps) {
  const cookieOf = ({ headers }: IncomingMessage) => {
    const secure = isSecureHost(headers.host ?? '', consoleUrl);
    return { secure, name: secure ? '__Host-gatehouse_console' : 'gatehouse_console' };
  };
  const setCookie = (req: IncomingMessage, value: string, maxAge: number) => {
    const { name, secure } = cookieOf(req);
    // Another program at localhost would otherwise get the cookie as well, whatever its port.
    return hostCookie(name, value, { secure, maxAge, ...(!secure && { path: BASE }) });
  };

  return {
    /** Returns the page of a sign-in link, which does not use the link; undefined for any other path. */
    async show(path: string): Promise<Reply | undefined> {
      const link = matchPath('/sign-in/:id', path);
      if (link === undefined) return undefined;
      const operator = await sessions.operatorOf(link);
      return operator === undefined
        ? frame.card(410, cards.LINK_GONE)
        : frame.card(200, cards.confirmCard(operator, link));
    },

    /** Returns who is signed in, or the page that says how to. */
    async visitor(req: IncomingMessage): Promise<Visitor | Reply> {
      const { name } = cookieOf(req);
      const tokens = cookiesIn(req.headers.cookie).flatMap(([of, value]) =>
        of === name && isToken(value) ? [value] : [],
      );
      for (const token of tokens.slice(0, MOST_COOKIES)) {
        const session = await sessions.find(token);
        if (session) return { ...session, formToken: formTokenOf(token) };
      }
      return frame.card(401, cards.SIGNED_OUT);
    },

    /** Uses a link. */
    async enter(req: IncomingMessage, form: URLSearchParams): Promise<Reply> {
      const token = await sessions.open(form.get('link') ?? '');
      if (!token) return frame.card(410, cards.LINK_GONE);
      const cookie = setCookie(req, token.reveal(), SESSION_HOURS * 3_600);
      return frame.redirect('', { 'set-cookie': [cookie] });
    },

    async leave(req: IncomingMessage, session: Session): Promise<Reply> {
      await sessions.end(session);
      return frame.redirect('', { 'set-cookie': [setCookie(req, '', 0)] });
    },
  };
}
