/** Runs `work` for the user of this token, and all that it awaits. */
export declare function withUserToken<T>(token: string | undefined, work: () => T): T;

/** The token of the user for whom the caller runs. */
export declare function currentUserToken(): string | undefined;

/** Express middleware: what follows runs for the user of the request. */
export declare function userTokenMiddleware<Request>(
  tokenOf: (req: Request) => string | undefined,
): (req: Request, res: unknown, next: () => void) => void;

/** `fetchFn` of a WorkOS client that all users share: it adds the token of the current user. */
export declare const fetchWithUserToken: typeof fetch;
