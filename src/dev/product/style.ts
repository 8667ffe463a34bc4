/** Stylesheet. Served as a file, because the Content-Security-Policy forbids inline style. */
export const PRODUCT_STYLE = `
:root {
  color-scheme: light;
  --ink: #1b1f24; --quiet: #59626d; --ground: #f7f6f3; --card: #fff; --hair: #e6e3dc; --line: #8b8778;
  --accent: #0f6b57; --on-accent: #fff; --waiting: #8a5300;
}
@media (prefers-color-scheme: dark) {
  :root {
    color-scheme: dark;
    --ink: #eeeeec; --quiet: #aeb0ac; --ground: #141513; --card: #1d1f1c; --hair: #30332e; --line: #7b7f77;
    --accent: #6fd3b8; --on-accent: #0c1512; --waiting: #e8b45c;
  }
}
*, ::before, ::after { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
body {
  max-width: 44rem;
  margin: 0 auto;
  padding: 1.25rem 1rem 2rem;
  background: var(--ground);
  color: var(--ink);
  font: 1rem/1.55 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif;
  overflow-wrap: anywhere;
}
body > header { display: flex; flex-wrap: wrap; gap: .5rem 1rem; align-items: center; justify-content: space-between; padding-bottom: 1.5rem; }
.product { margin: 0; font-weight: 700; }
.product a { color: inherit; text-decoration: none; }
.who { display: flex; flex-wrap: wrap; gap: .25rem .75rem; align-items: center; margin: 0; font-size: .9375rem; }
.who .button { width: auto; min-height: 2.25rem; padding: .25rem .75rem; }
h1 { margin: 0 0 .5rem; font-size: 1.5rem; line-height: 1.3; text-wrap: pretty; }
h2 { margin: 0; font-size: 1.0625rem; line-height: 1.4; }
p { margin: 0 0 .75rem; }
form { margin: 0; }
.quiet { color: var(--quiet); font-size: .9375rem; }
.mail { white-space: pre-wrap; overflow-wrap: anywhere; }
.card { margin-top: 1rem; padding: 1.25rem; border: 1px solid var(--hair); border-radius: .875rem; background: var(--card); }
.card > :last-child { margin-bottom: 0; }
.card .head { display: flex; flex-wrap: wrap; gap: .25rem .75rem; align-items: baseline; justify-content: space-between; margin-bottom: .25rem; }
.live { margin: 0; }
.state { display: inline-flex; align-items: center; gap: .375rem; color: var(--quiet); font-size: .875rem; }
.state::before { content: ""; width: .5rem; height: .5rem; border: 1.5px solid var(--line); border-radius: 50%; }
.state.good { color: var(--accent); font-weight: 600; }
.state.good::before { border-color: var(--accent); background: var(--accent); }
.state.waiting { color: var(--waiting); font-weight: 600; }
.state.waiting::before { border-color: var(--waiting); background: linear-gradient(90deg, var(--waiting) 50%, transparent 50%); }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.items { margin: 0 0 .75rem; padding: 0; list-style: none; }
.items li { display: flex; flex-wrap: wrap; gap: 0 .75rem; justify-content: space-between; padding: .5rem 0; border-top: 1px solid var(--hair); }
.items li:last-child { border-bottom: 1px solid var(--hair); }
.feature form { padding-top: .25rem; }
.button {
  display: inline-block;
  width: 100%;
  min-height: 2.75rem;
  padding: .5rem 1rem;
  border: 1px solid var(--line);
  border-radius: .5rem;
  background: transparent;
  color: inherit;
  font: inherit;
  font-weight: 600;
  text-align: center;
  text-decoration: none;
  cursor: pointer;
}
.button.main { border-color: var(--accent); background: var(--accent); color: var(--on-accent); }
.button:hover { text-decoration: underline; text-underline-offset: .2em; }
.person { display: flex; flex-wrap: wrap; gap: 0 .5rem; align-items: baseline; justify-content: space-between; margin-top: .75rem; text-align: left; }
.person .quiet { font-weight: 400; }
.sso { margin-top: 1.25rem; padding-top: 1rem; border-top: 1px solid var(--hair); }
.actions { display: flex; flex-wrap: wrap; gap: .75rem; margin-top: 1.25rem; }
.actions > * { flex: 1 1 100%; }
.facts { margin: 0 0 1.25rem; }
.facts > div { padding: .625rem 0; border-bottom: 1px solid var(--hair); }
.facts > :first-child { padding-top: 0; }
.facts > :last-child { padding-bottom: 0; border: 0; }
.facts dt { color: var(--quiet); font-size: .875rem; }
.facts dd { margin: 0; }
.facts code { display: block; }
code { color: var(--quiet); font: .875rem/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; }
.reason { margin-top: 1.25rem; color: var(--quiet); font-size: .875rem; }
footer { padding-top: 1.5rem; color: var(--quiet); font-size: .8125rem; }
:focus-visible { outline: 3px solid var(--ink); outline-offset: 2px; }
@media (min-width: 40rem) {
  body { padding-top: 2rem; }
  .card .button { width: auto; min-width: 14rem; }
  .card .person { width: 100%; }
  .actions > * { flex: 0 0 auto; }
  .facts > div { display: grid; grid-template-columns: 8rem 1fr; align-items: baseline; }
  .facts dt { font-size: .9375rem; }
}
`;

export const PRODUCT_ICON = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="8" fill="#0f6b57"/><path d="M9 24l7-16 7 16M12 18h8" fill="none" stroke="#fff" stroke-width="2.5" stroke-linecap="round" stroke-linejoin="round"/></svg>`;
