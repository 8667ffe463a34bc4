/**
 * Keeps the page true while it is looked at: what another tab sets up shows here by itself. Without
 * script the page is as true as when it was loaded.
 */
export const PRODUCT_SCRIPT = `
const live = [...document.querySelectorAll('[data-live]')];
async function look() {
  if (document.hidden) return;
  const response = await fetch('/');
  if (!response.ok) return;
  const fresh = new DOMParser().parseFromString(await response.text(), 'text/html');
  for (const part of live) {
    const now = fresh.getElementById(part.id);
    if (now && now.innerHTML !== part.innerHTML) part.replaceChildren(...now.childNodes);
  }
}
if (live.length > 0) {
  setInterval(() => look().catch(() => undefined), 2000);
  document.addEventListener('visibilitychange', () => look().catch(() => undefined));
}
`;
