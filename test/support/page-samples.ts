/** What the states of the pages share. */
import type { Page } from '../../src/pages/pages.ts';

export interface PageState {
  readonly name: string;
  readonly page: Page;
}

export const LONG =
  'Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft mbH & Co. KG';
export const ARABIC = 'شركة النقل البحري للطاقة (المحدودة)';

export const ASKED = {
  product: 'Acme Console',
  userId: 'ada@globex.example',
  until: new Date('2026-12-04T14:05:00Z'),
  tenantName: 'Globex',
};
