// What may change is looked at again every so often, while the page is in sight and nobody is writing on it.

const live = () => document.querySelector('[data-live]');

async function lookAgain() {
  const part = live();
  if (!part || document.hidden || part.contains(document.activeElement)) return;
  const response = await fetch(location.pathname, { headers: { accept: 'text/html' } }).catch(() => null);
  // Whoever was logged out meanwhile is not led away from what they look at.
  if (!response?.ok || response.redirected) return;
  const text = await response.text();
  const next = new DOMParser().parseFromString(text, 'text/html').querySelector('main > div:last-child');
  if (next) part.replaceWith(next);
}

setInterval(lookAgain, Number(live()?.dataset.live ?? 60) * 1000);
