// What is under way is looked at again every few seconds, while the page is in sight and nobody is writing on it.

const everyMs = 5000;
const live = () => document.querySelector('[data-live]');

setInterval(async () => {
  const part = live();
  if (!part || document.hidden || part.contains(document.activeElement)) return;
  const response = await fetch(location.pathname, { headers: { accept: 'text/html' } }).catch(() => null);
  // Whoever was logged out meanwhile is not led away from what they look at.
  if (!response?.ok || response.redirected) return;
  const next = new DOMParser()
    .parseFromString(await response.text(), 'text/html')
    .querySelector('[data-live]');
  if (next) part.replaceWith(next);
}, everyMs);
