/**
 * What the console adds to the stylesheet of the pages. Text colours reach WCAG AA on the ground behind them;
 * the series of a chart reach 3:1 against the card.
 */
export const CONSOLE_RULES = `
:root { --bad: #a1261b; --bad-ground: #fdeae7; --series-0: #3b5bdb; --series-1: #0b7285; --series-2: #8a5a00; --series-3: #6b7280; }
@media (prefers-color-scheme: dark) {
:root { --bad: #f5a79d; --bad-ground: #3d1d19; --series-0: #8ea6ff; --series-1: #5ec8d8; --series-2: #e0b05c; --series-3: #9aa3ad; }
}
pre { margin: 0 0 .75rem; padding: .75rem 1rem; border-radius: .625rem; background: var(--ground); white-space: pre-wrap; }
body.console { max-width: 80rem; padding: 0 1rem 2rem; }
.console bdi { unicode-bidi: isolate; }
.skip { position: absolute; left: -100rem; padding: .5rem 1rem; background: var(--card); color: var(--ink); }
.skip:focus { left: 1rem; top: .5rem; z-index: 1; }
.bar { display: flex; flex-wrap: wrap; gap: .25rem 1.5rem; align-items: center; padding: 1rem 0; font-weight: 400; }
.brand a { display: flex; gap: .625rem; align-items: center; color: inherit; font-weight: 600; text-decoration: none; }
.bar ul { display: flex; flex-wrap: wrap; gap: .25rem; margin: 0; padding: 0; list-style: none; }
.bar li a { display: block; padding: .375rem .625rem; border-radius: .5rem; color: inherit; font-size: .9375rem; text-decoration: none; }
.bar li a:hover { text-decoration: underline; text-underline-offset: .2em; }
.bar li a[aria-current] { background: var(--card); box-shadow: inset 0 0 0 1px var(--line); font-weight: 600; }
.who { display: flex; gap: .75rem; align-items: center; margin-left: auto; color: var(--quiet); font-size: .875rem; }
button.plain { min-height: 1.75rem; padding: 0 .25rem; border: 0; background: none; color: inherit; font: inherit; text-decoration: underline; text-underline-offset: .2em; cursor: pointer; }
.console main { padding: .5rem 0 0; border: 0; border-radius: 0; background: none; }
.console main:focus { outline: none; }
.console h1 { margin-bottom: 1rem; }
.console .panel { margin: 0 0 1rem; padding: 1.25rem; border: 1px solid var(--hair); border-radius: .875rem; background: var(--card); }
.console .panel > h2 { margin: 0 0 .5rem; font-size: 1.0625rem; }
.console .panel > :last-child { margin-bottom: 0; }
.console main a { color: inherit; text-decoration-color: var(--line); text-underline-offset: .2em; }
.console main a:hover { text-decoration-color: currentColor; }
.state { display: inline-block; white-space: nowrap; }
.state.plain { background: var(--ground); color: var(--quiet); }
.state.bad { background: var(--bad-ground); color: var(--bad); }
.notices { display: grid; gap: .5rem; margin: 0; padding: 0; list-style: none; }
.notice { padding: .75rem 1rem; border-left: .25rem solid var(--line); border-radius: .5rem; background: var(--ground); color: var(--ink); }
.notice.good { border-color: var(--good); background: var(--good-ground); }
.notice.waiting { border-color: var(--waiting); background: var(--waiting-ground); }
.notice.bad { border-color: var(--bad); background: var(--bad-ground); }
.notice p { margin: 0; }
.notice .about { display: flex; flex-wrap: wrap; gap: .125rem .75rem; align-items: baseline; margin-bottom: .25rem; color: var(--quiet); font-size: .875rem; }
.notice .about .state { padding: 0; background: none; font-weight: 600; }
.notice code { overflow-wrap: anywhere; }
.notices + .facts, .notices + table { margin-top: 1rem; }
.notice p + p { margin-top: .125rem; font-size: .9375rem; }
.filter { display: flex; flex-wrap: wrap; gap: .75rem; align-items: end; margin-bottom: 1rem; }
.filter p { flex: 1 1 11rem; max-width: 22rem; margin: 0; }
.filter p:last-child { flex: 0 0 auto; }
label { display: block; margin-bottom: .25rem; font-size: .875rem; font-weight: 600; }
input, select { width: 100%; min-height: 2.5rem; padding: .375rem .625rem; border: 1px solid var(--line); border-radius: .5rem; background: var(--card); color: inherit; font: inherit; }
::placeholder { color: var(--quiet); opacity: 1; }
button.small { min-height: 2.5rem; padding: .25rem .875rem; border: 1px solid var(--line); border-radius: .5rem; background: var(--card); color: inherit; font: inherit; font-size: .9375rem; font-weight: 600; white-space: nowrap; cursor: pointer; }
button.small:hover { text-decoration: underline; text-underline-offset: .2em; }
button.small.main { border-color: var(--brand-edge); background: var(--brand); color: var(--on-brand); }
td button.small { min-height: 2rem; }
.buttons { display: flex; flex-wrap: wrap; gap: .75rem; margin-top: 1rem; }
.links { display: flex; flex-wrap: wrap; gap: .5rem 1.25rem; margin: 1rem 0 0; font-size: .9375rem; }
.links a { padding: .25rem 0; }
.facts { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 17rem), 1fr)); gap: .875rem 1.5rem; margin: 0; padding: 0; border: 0; }
.facts div { align-content: start; }
.facts dt { flex: 0 0 100%; color: var(--quiet); font-size: .875rem; }
.facts dd { display: flex; flex-wrap: wrap; gap: .125rem .5rem; margin: 0; }
table { width: 100%; border-collapse: collapse; font-size: .9375rem; }
caption { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
td { padding: .625rem 0; border-top: 1px solid var(--hair); text-align: start; vertical-align: top; }
td > div { display: flex; flex-wrap: wrap; gap: .125rem .5rem; align-items: baseline; }
summary { padding: .125rem 0; cursor: pointer; }
details p { margin: .125rem 0 0; }
time .quiet { font-size: .8125rem; font-variant-numeric: tabular-nums; white-space: nowrap; }
.chart { margin: 0 0 1rem; }
.chart p { margin: .75rem 0 .25rem; font-size: .9375rem; }
.chart div > svg { display: block; width: 100%; height: 1.25rem; border-radius: .375rem; }
.track { fill: var(--hair); }
.series-0 { fill: var(--series-0); }
.series-1 { fill: var(--series-1); }
.series-2 { fill: var(--series-2); }
.series-3 { fill: var(--series-3); }
figcaption { display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; margin-top: .75rem; color: var(--quiet); font-size: .875rem; }
@media (max-width: 68rem) {
.console thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
.console table, .console tbody, .console tr, .console td { display: block; }
.console tr { padding: .625rem 0; border-top: 1px solid var(--hair); }
.console tbody tr:first-child { border-top: 0; }
.console td { display: flex; flex-wrap: wrap; gap: 0 .75rem; padding: .1875rem 0; border: 0; }
.console td::before { flex: 0 0 7.5rem; max-width: 100%; content: attr(data-label); color: var(--quiet); font-size: .875rem; }
.console td > div { flex: 1 1 7rem; min-width: 0; }
.console .panel { padding: 1rem; }
.facts { gap: .375rem; }
.facts div { gap: 0 .75rem; }
.facts dt { flex: 0 0 7.5rem; }
.facts dd { flex: 1 1 7rem; min-width: 0; }
.state, time .quiet, button.small { white-space: normal; }
time .quiet { display: inline-block; }
}
@media (forced-colors: active) {
.bar li a[aria-current] { outline: 1px solid; }
}
@media (max-width: 40rem) {
.who { flex: 1 0 100%; justify-content: space-between; margin: 0; }
.filter p, .filter p:last-child { flex: 1 1 100%; max-width: none; }
.filter button { width: 100%; }
}
@media (min-width: 68.0625rem) {
th { padding: 0 1rem .5rem 0; color: var(--quiet); font-size: .875rem; font-weight: 400; text-align: start; }
td { padding-right: 1rem; }
td > div { min-width: 8rem; max-width: 44rem; }
}
`;
