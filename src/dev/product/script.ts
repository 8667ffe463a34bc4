/**
 * Refreshes the setup status every two seconds while the page is visible, so that changes made in
 * another tab show up. Without script, reloading does the same.
 */
export const PRODUCT_SCRIPT = `
const live = [...document.querySelectorAll('[data-live]')];
async function refresh() {
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
  setInterval(() => refresh().catch(() => undefined), 2000);
  document.addEventListener('visibilitychange', () => refresh().catch(() => undefined));
}
`;
