import type { Share } from '../../../src/workos/budget/account.ts';
import { NONE, type Amounts } from '../../../src/workos/budget/amounts.ts';

export const WHOLE: Share = { perSecond: Infinity, perMinute: 6_000 };
export const slow = (perSecond: number): Share => ({ perSecond, perMinute: perSecond * 60 });
export const some = (fields: Partial<Amounts>): Amounts => ({ ...NONE, ...fields });
