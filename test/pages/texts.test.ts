import { describe, expect, it } from '@jest/globals';
import { IntlMessageFormat } from 'intl-messageformat';
import { INTENTS } from '../../src/core/intents.ts';
import { LANGUAGES, type Language } from '../../src/core/languages.ts';
import { PROBLEMS, Problem, type ProblemSlug } from '../../src/core/problem.ts';
import { Secret } from '../../src/core/secret.ts';
import { invitation } from '../../src/pages/mail/invitation.ts';
import { createPages, type Page } from '../../src/pages/pages.ts';
import { OUTCOME_TEXT, type ReturnOutcome } from '../../src/pages/return-text.ts';
import type { Catalogue } from '../../src/pages/texts/catalogue.ts';
import { en } from '../../src/pages/texts/en/catalogue.ts';
import { CATALOGUES, textsIn, type TextKey } from '../../src/pages/texts/texts.ts';

const KEYS = Object.keys(en) as TextKey[];
const TRANSLATIONS = LANGUAGES.filter((language) => language !== 'en');

/** Words that are the same in another language. */
const SAME: Readonly<Partial<Record<Language, readonly TextKey[]>>> = {
  de: ['intent.domain_verification.items'],
};

/** The library's types of an element that is text, and of the number in a plural. */
const LITERAL = 0;
const POUND = 7;

type Element = ReturnType<IntlMessageFormat['getAst']>[number];

/** Returns names of the arguments, and of those inside a plural's or select's branches. */
function argumentsOf(message: string): { names: string[]; inside: string[] } {
  const elements = new IntlMessageFormat(message, 'en', undefined, { ignoreTag: true }).getAst();
  const isArgument = ({ type }: Element): boolean => ![LITERAL, POUND].includes(type);
  const branches = elements.flatMap((element) =>
    'options' in element ? Object.values(element.options).flatMap(({ value }) => value) : [],
  );
  const namesOf = (all: readonly Element[]) => [
    ...new Set(all.filter(isArgument).map((element) => (element as { value: string }).value)),
  ];
  return { names: namesOf(elements).sort(), inside: namesOf(branches) };
}

describe('the catalogue of texts', () => {
  it.each(LANGUAGES)('has every key and no other in %s', (language) => {
    expect(Object.keys(CATALOGUES[language]).sort()).toEqual([...KEYS].sort());
  });

  it.each(LANGUAGES)('takes the same arguments in %s, none of them inside a branch', (language) => {
    for (const key of KEYS) {
      const { names, inside } = argumentsOf(CATALOGUES[language][key]);

      expect([key, names, inside]).toEqual([key, argumentsOf(en[key]).names, []]);
    }
  });

  it.each(TRANSLATIONS)('translates every text to %s', (language) => {
    const same = KEYS.filter((key) => CATALOGUES[language][key] === en[key]);

    expect(same).toEqual(SAME[language] ?? []);
  });

  it.each(LANGUAGES)('has no straight quotes, double spaces or loose ends in %s', (language) => {
    for (const [key, text] of Object.entries(CATALOGUES[language]))
      expect([key, /['"]| {2}|^\s|\s$/.test(text)]).toEqual([key, false]);
  });

  it.each(LANGUAGES)('never mentions WorkOS in %s, which IT admins do not know', (language) => {
    for (const text of Object.values(CATALOGUES[language])) expect(text).not.toContain('WorkOS');
  });

  it.each(LANGUAGES)('speaks of a button only beside one, in %s', (language) => {
    const { text } = invitation(language, {
      brand: { name: 'Acme', color: '#3b4cca' },
      ...{ tenantName: 'Globex', intent: 'sso', expiresAt: new Date() },
      url: new Secret('https://gatehouse.example/launch-portal?ticket=t'),
    });

    expect(text).not.toMatch(/button|Schaltfläche|bouton/i);
  });

  it('keeps French punctuation on the line of its word', () => {
    for (const text of Object.values(CATALOGUES.fr)) expect(text).not.toMatch(/ [:;?!]/);
  });

  it('does not compile without a text, with one too many, or without an argument', () => {
    // @ts-expect-error A text is missing.
    const incomplete: Catalogue = { 'frame.again': 'Try again' };
    // @ts-expect-error There is no such text.
    const excess: Catalogue = { ...CATALOGUES.de, 'frame.agian': 'Noch einmal' };
    // @ts-expect-error The tenant is missing.
    const missing = (): string => textsIn('en').text('frame.for');
    // @ts-expect-error There is no such argument.
    const unknown = (): string => textsIn('en').text('frame.for', { name: 'Acme' });

    expect([incomplete, excess, missing, unknown]).toHaveLength(4);
  });
});

describe('a text', () => {
  it.each([
    ['en', 0, '0 of 3 domains are verified'],
    ['en', 1, '1 of 3 domains is verified'],
    ['en', 2, '2 of 3 domains are verified'],
    ['de', 0, '0 von 3 Domains sind bestätigt'],
    ['de', 1, '1 von 3 Domains ist bestätigt'],
    ['de', 2, '2 von 3 Domains sind bestätigt'],
    // French takes zero for singular.
    ['fr', 0, '0 domaine vérifié sur 3'],
    ['fr', 1, '1 domaine vérifié sur 3'],
    ['fr', 2, '2 domaines vérifiés sur 3'],
  ] as const)('has the plural of its language: %s, %i', (language, verified, text) => {
    expect(textsIn(language).text('returned.domains', { verified, count: 3 })).toBe(text);
  });

  it('keeps values apart, so that a template can isolate their direction', () => {
    expect(textsIn('fr').parts('frame.for', { tenant: 'شركة <b>{x}' })).toEqual([
      { text: 'Pour ', isValue: false },
      { text: 'شركة <b>{x}', isValue: true },
    ]);
  });

  it.each([
    ['en', 'November 30, 2026 at 2:05 PM UTC'],
    ['de', '30. November 2026 um 14:05 UTC'],
    ['fr', '30 novembre 2026 à 14:05 UTC'],
  ] as const)('names the time zone of a time in %s', (language, expected) => {
    const text = textsIn(language).time(new Date('2026-11-30T14:05:00Z'));

    expect(text.replaceAll(/\s/g, ' ')).toBe(expected);
  });

  it('writes the first of a month as people do', () => {
    const first = new Date('2026-12-01');

    expect(textsIn('fr').date(first)).toBe('1er décembre 2026');
    expect(textsIn('fr').date(new Date('2026-12-11'))).toBe('11 décembre 2026');
    expect(textsIn('de').date(first)).toBe('1. Dezember 2026');
  });
});

describe('a page in another language', () => {
  const pages = createPages({
    brand: {
      name: 'Acme',
      logoUrl: undefined,
      color: '#3b4cca',
      productUrl: 'https://acme.example/',
      supportUrl: 'https://help.acme.example/',
    },
    portalOrigins: [],
  });

  function everyPage(language: Language): Page[] {
    const { home, problem, confirm, opening, returned } = pages.in(language);
    const asked = { product: 'Billing', userId: 'ada', until: new Date(0), tenantName: 'Globex' };
    const states = Object.entries({
      draft: 'a',
      linked: 'b',
      pending: 'c',
      failed: 'd',
      expired: 'e',
    });
    const items = states.map(([state, name]) => ({ name, state }));
    const errors = ['intent', 'ticket', 'return_url'].map((field) => ({
      ...{ field, code: 'x', message: 'x' },
    }));
    return [
      home(),
      opening(),
      ...(Object.keys(PROBLEMS) as ProblemSlug[]).map((slug) =>
        problem(new Problem(slug, 'x', { errors }), { requestId: '1', reloadable: true }),
      ),
      ...INTENTS.map((intent) => confirm({ ...asked, intent, fields: {}, lang: language })),
      ...INTENTS.flatMap((intent) =>
        (Object.keys(OUTCOME_TEXT) as ReturnOutcome[]).flatMap((outcome) => [
          returned({ ...asked, intent, outcome, items, next: undefined, reloadable: true }),
          returned({
            ...asked,
            ...{ intent, outcome, items: [], reloadable: false },
            next: { url: 'https://acme.example/', host: 'acme.example' },
          }),
        ]),
      ),
    ];
  }

  /** English text between arguments, long enough to be no word of another language. */
  const ENGLISH = Object.values(en)
    .flatMap((message) => message.split(/\{.*?\}+/))
    .map((text) => text.trim())
    .filter((text) => text.length > 8);

  it.each(TRANSLATIONS)('says in %s which language it has, and no English sentence', (language) => {
    for (const { headers, body } of everyPage(language)) {
      const html = String(body);

      expect(headers).toMatchObject({ 'content-language': language, vary: 'Accept-Language' });
      expect(html).toContain(`<html lang="${language}" dir="ltr">`);
      expect(ENGLISH.filter((text) => html.includes(text))).toEqual([]);
    }
  });

  it.each([
    ['de', /(?<!\p{L})(du|dich|dir|dein|deine\w?)(?!\p{L})/iu],
    ['fr', /(?<!\p{L})(tu|te|toi|ton|ta|tes)(?!\p{L})/iu],
  ] as const)('is formal in %s', (language, familiar) => {
    expect(Object.values(CATALOGUES[language]).join(' ')).not.toMatch(familiar);
  });
});
