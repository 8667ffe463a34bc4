import { whyCommand } from '../../src/cli/why.ts';
import type { TestApp } from './test-app.ts';

/** What `gatehouse why --json` printed. */
export interface WhyAnswer {
  readonly code: number;
  readonly verdict: string;
  readonly request: { readonly tenant_id: string; readonly text: string } | null;
  readonly last_login: string | null;
  readonly causes: readonly {
    readonly cause: string;
    readonly severity: string;
    readonly sentence: string;
    readonly remedy: string;
  }[];
  readonly timeline: readonly {
    readonly operation: string;
    readonly outcome: string;
    readonly reason: string | null;
    readonly text: string;
    readonly count: number;
  }[];
  readonly next: string | null;
}

/** Runs `gatehouse why` in this process. */
export async function askWhy(
  { config, database }: TestApp,
  tenant: string,
  ...flags: string[]
): Promise<WhyAnswer> {
  let out = '';
  const terminal = {
    shown: false,
    attended: false,
    out: (text: string) => void (out += text),
    err: () => undefined,
    ask: () => Promise.resolve(''),
  };
  const context = { terminal, db: database.db, config, defaultSignInClient: undefined };
  const code = await whyCommand([tenant, ...flags], context);
  return { code, ...(JSON.parse(out || '{}') as Omit<WhyAnswer, 'code'>) };
}
