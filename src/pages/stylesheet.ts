import { edgeOf, textOn } from './color.ts';

/** Every text colour reaches WCAG AA on both backgrounds of its scheme; `line` reaches the 3:1 that a control needs. */
const LIGHT = {
  scheme: 'light',
  ink: '#1b1f24',
  quiet: '#59626d',
  ground: '#f5f6f8',
  card: '#ffffff',
  hair: '#e3e6ea',
  line: '#868e99',
  good: '#156c3a',
  goodGround: '#e5f4ea',
  waiting: '#7a4d00',
  waitingGround: '#fdf1d8',
  bad: '#a3261d',
  badGround: '#fdeae8',
};
const DARK: typeof LIGHT = {
  scheme: 'dark',
  ink: '#eceef1',
  quiet: '#a7afb9',
  ground: '#121417',
  card: '#1b1e23',
  hair: '#2d3239',
  line: '#767e89',
  good: '#7fd6a0',
  goodGround: '#17301f',
  waiting: '#f0c674',
  waitingGround: '#352a12',
  bad: '#ff9d94',
  badGround: '#3d1a18',
};

const variables = (palette: typeof LIGHT, brand: string): string => `
  color-scheme: ${palette.scheme};
  --ink: ${palette.ink};
  --quiet: ${palette.quiet};
  --ground: ${palette.ground};
  --card: ${palette.card};
  --hair: ${palette.hair};
  --line: ${palette.line};
  --good: ${palette.good};
  --good-ground: ${palette.goodGround};
  --waiting: ${palette.waiting};
  --waiting-ground: ${palette.waitingGround};
  --bad: ${palette.bad};
  --bad-ground: ${palette.badGround};
  --brand: ${brand};
  --on-brand: ${textOn(brand)};
  --brand-edge: ${edgeOf(brand, palette.card, palette.line)};
`;

/** Uses `prefers-color-scheme` and not `light-dark()`, which browsers from before 2024 do not support. */
export const stylesheetOf = (brand: string): string => `:root {${variables(LIGHT, brand)}}
@media (prefers-color-scheme: dark) {
:root {${variables(DARK, brand)}}
.logo { padding: .375rem .5rem; border-radius: .5rem; background: #fff; }
}
${RULES}`;

/** The focus ring has the text colour, so that it is visible with any brand colour. */
const RULES = `
*, ::before, ::after { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
body {
  display: flex;
  flex-direction: column;
  min-height: 100vh;
  min-height: 100svh;
  max-width: 32rem;
  margin: 0 auto;
  padding: 1.5rem 1rem;
  background: var(--ground);
  color: var(--ink);
  font: 1rem/1.55 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif;
  overflow-wrap: anywhere;
}
header { padding: 0 .25rem 1rem; font-weight: 600; }
header p { margin: 0; }
.logo { display: block; max-width: 12rem; height: 2.25rem; object-fit: contain; object-position: left; }
main {
  padding: 1.75rem 1.5rem;
  border: 1px solid var(--hair);
  border-radius: 1rem;
  background: var(--card);
}
footer { padding: 1rem .25rem 0; color: var(--quiet); font-size: .8125rem; }
footer p { margin: 0; }
footer a { color: inherit; }
.link { display: inline-block; margin-inline-end: 1.25rem; padding: .25rem 0; }
h1 { margin: 0 0 .75rem; font-size: 1.375rem; line-height: 1.3; text-wrap: pretty; }
h2 { margin: 0 0 .25rem; font-size: .9375rem; line-height: 1.4; }
@supports (hyphenate-limit-chars: 18) { h1, h2 { hyphens: auto; hyphenate-limit-chars: 18; } }
main p { margin: 0 0 .75rem; }
body:has(.entry) { max-width: 48rem; }
section > h2 { margin-top: 2.5rem; font-size: 1.125rem; }
.entry { margin-top: 1.5rem; padding: 1rem 0 0; border-top: 1px solid var(--hair); scroll-margin-top: 1rem; }
.entry:target { padding-left: 1rem; border-left: .25rem solid var(--line); }
.entry dt { font-weight: 600; font-size: .9375rem; }
.entry dd { margin: 0 0 .5rem; }
h3 { margin: 0; font-size: 1rem; }
h3 a { color: inherit; }
main > :last-child { margin-bottom: 0; }
.for { margin-bottom: .25rem; color: var(--quiet); font-size: .9375rem; }
.facts { margin: 1.25rem 0; padding: .5rem 0; border-block: 1px solid var(--hair); font-size: .9375rem; }
main > .facts:last-child { padding-bottom: 0; border-bottom: 0; }
.facts div { display: flex; flex-wrap: wrap; gap: 0 1rem; padding: .25rem 0; }
.facts dt { flex: 0 0 8rem; max-width: 100%; color: var(--quiet); }
.facts dd { flex: 1 1 10rem; margin: 0; }
.quiet { color: var(--quiet); font-size: .9375rem; }
.mark { display: block; width: 2.5rem; height: 2.5rem; margin-bottom: 1rem; color: var(--quiet); }
.mark.good { color: var(--good); }
.mark.waiting { color: var(--waiting); }
.items { margin: 1.25rem 0; padding: 0; border-top: 1px solid var(--hair); list-style: none; }
.items li {
  display: flex;
  flex-wrap: wrap;
  gap: .25rem 1rem;
  align-items: center;
  justify-content: space-between;
  padding: .75rem 0;
  border-bottom: 1px solid var(--hair);
}
.state { padding: .125rem .625rem; border-radius: 1rem; background: var(--waiting-ground); color: var(--waiting); font-size: .875rem; }
.state.plain { background: var(--ground); color: var(--quiet); }
.state.bad { background: var(--bad-ground); color: var(--bad); }
.state.good { background: var(--good-ground); color: var(--good); }
body:has(.feature) { max-width: 44rem; }
main > .next { margin: 1.25rem 0 .5rem; padding: 1rem; border: 1px solid var(--line); border-radius: .75rem; }
.next > h2 { margin: 0 0 .25rem; color: var(--quiet); font-size: .9375rem; }
.next > p:last-child { margin: 0; }
.notice { padding: .75rem 1rem; border-radius: .625rem; background: var(--waiting-ground); color: var(--waiting); }
.feature { margin-top: 1.5rem; padding-top: 1.5rem; border-top: 1px solid var(--hair); }
.next + .feature { border-top: 0; padding-top: .5rem; }
.head { display: flex; flex-wrap: wrap; gap: .25rem 1rem; align-items: center; justify-content: space-between; margin-bottom: .25rem; }
.head > h2 { margin: 0; font-size: 1.0625rem; }
.feature .items { margin: .75rem 0; }
.feature > .items:last-child { margin-bottom: 0; }
.feature > .items:last-child > :last-child { border-bottom: 0; padding-bottom: 0; }
.feature .items li { justify-content: flex-start; }
.feature .items .state { margin-left: auto; }
[dir=rtl] .feature .items .state { margin: 0 auto 0 0; }
div.actions + .quiet { margin-top: 1.25rem; }
.what { flex: 1 1 10rem; min-width: 0; }
.fact { display: block; color: var(--quiet); font-size: .875rem; }
.provider {
  display: grid;
  flex: none;
  place-items: center;
  width: 2.25rem;
  height: 2.25rem;
  border: 1px solid var(--hair);
  border-radius: .5rem;
  background: var(--ground);
  color: var(--quiet);
  font-weight: 600;
}
.provider picture { display: contents; }
.provider img { min-width: 1.5rem; max-width: 1.5rem; min-height: 1.5rem; max-height: 1.5rem; object-fit: contain; }
.test { flex-basis: 100%; padding: .375rem 0; color: inherit; }
.said { margin: 1.25rem 0; padding: 1rem 1.25rem; border-radius: .75rem; background: var(--ground); }
.said > :last-child { margin-bottom: 0; }
blockquote { margin: 0 0 .75rem; }
.attributes { margin: 1rem 0 1.5rem; border-top: 1px solid var(--hair); }
.attributes > div { display: flex; flex-wrap: wrap; gap: 0 1rem; padding: .5rem 0; border-bottom: 1px solid var(--hair); }
.attributes dt { flex: 1 1 10rem; color: var(--quiet); font-size: .9375rem; }
.attributes dd { flex: 2 1 14rem; min-width: 0; margin: 0; }
.note p { margin: 0 0 .25rem; }
.note { margin-top: 1.5rem; padding-top: 1rem; border-top: 1px solid var(--hair); color: var(--quiet); font-size: .9375rem; }
.note a { color: inherit; }
.note ul { margin: .5rem 0 0; padding-left: 1.25rem; }
.actions { display: flex; flex-direction: column; gap: .75rem; margin-top: 1.5rem; }
.button {
  display: block;
  width: 100%;
  min-height: 3rem;
  padding: .625rem .75rem;
  border: 1px solid var(--line);
  border-radius: .625rem;
  background: transparent;
  color: inherit;
  font: inherit;
  font-weight: 600;
  text-align: center;
  text-decoration: none;
  hyphens: auto;
  cursor: pointer;
}
.button.main { border-color: var(--brand-edge); background: var(--brand); color: var(--on-brand); }
.button:hover { text-decoration: underline; text-underline-offset: .2em; }
:focus-visible { outline: 3px solid var(--ink); outline-offset: 3px; }
code { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; font-size: .9375em; }
@media (min-width: 40rem) {
  .feature .button, .next .button { display: inline-block; width: auto; min-width: 14rem; }
  body { padding-top: 12vh; }
  main { padding: 2.25rem; }
  h1 { font-size: 1.5rem; }
}
`;
