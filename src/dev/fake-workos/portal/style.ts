/** Stylesheet of all pages. Served as a file, because the Content-Security-Policy forbids inline style. */
export const PORTAL_STYLE = `
:root {
  color-scheme: light dark;
  --ink: light-dark(#1c2024, #eceef0);
  --quiet: light-dark(#5b6470, #a6adb6);
  --ground: light-dark(#f6f7f9, #14161a);
  --card: light-dark(#fff, #1d2025);
  --line: light-dark(#8b939e, #6b737e);
  --accent: light-dark(#3b3fb6, #aeb2ff);
  --on-accent: light-dark(#fff, #14161a);
  --problem: light-dark(#a4161a, #ff9b9b);
}
* { box-sizing: border-box; }
body {
  max-width: 30rem;
  margin: 0 auto;
  padding: 1.5rem 1rem;
  background: var(--ground);
  color: var(--ink);
  font: 1rem/1.5 system-ui, sans-serif;
}
header, footer, .organization { color: var(--quiet); font-size: .875rem; }
main { padding: 1.5rem; border-radius: .75rem; background: var(--card); overflow-wrap: anywhere; }
h1 { margin: 0 0 1.5rem; font-size: 1.5rem; line-height: 1.25; }
.organization { margin: 0; }
label { display: block; font-weight: 600; }
input, select, button, .button {
  display: block;
  width: 100%;
  min-height: 2.75rem;
  margin: .5rem 0 1rem;
  padding: .5rem .75rem;
  border: 1px solid var(--line);
  border-radius: .5rem;
  background: transparent;
  color: inherit;
  font: inherit;
  text-align: center;
  text-decoration: none;
}
input, select { text-align: start; }
select { background: var(--card); }
input[type="hidden"] { display: none; }
button {
  border-color: var(--accent);
  background: var(--accent);
  color: var(--on-accent);
  font-weight: 600;
  cursor: pointer;
}
details { margin-top: 1.5rem; padding-top: 1rem; border-top: 1px solid var(--line); }
summary { min-height: 2.75rem; padding: .5rem 0; cursor: pointer; }
.item { padding: .75rem 0; }
.item p { margin: 0; }
.item .quiet { color: var(--quiet); }
.item .changes { display: flex; flex-wrap: wrap; gap: .5rem; margin-top: .5rem; }
.changes button { width: auto; margin: 0; font-size: .875rem; }
.item input { margin-bottom: 0; }
button.quiet, .item button.quiet { border-color: var(--line); background: transparent; color: inherit; }
.address { display: block; font-size: .875rem; font-weight: 400; }
.problem { margin: .25rem 0; color: var(--problem); }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
`;
