// The front page's extras: the reader's time zone is filled in, and the preview follows every choice.
// Without this script a button does the same.

const waitMs = 300;
const choices = [
  'topics',
  'keywords',
  'organizations[]',
  'authors',
  'library',
  'about',
  'excludedTopics',
  'excludedKeywords',
];
/** An address has an end: of a long list the first papers are looked at. */
const longestShown = 4000;
/** What fits into the box, and into the form beside all else. */
const longestFile = 200_000;

const form = document.querySelector('form[data-preview-url]');
if (form) {
  detectTimeZone(form.querySelector('select[data-detect]'));
  followChoices(form);
  showFile(form);
  stampForm(form);
  if (form.dataset.challengeUrl) proveWork(form);
}

/** Says when the form was first touched. Without it, one more button is to be pressed. */
function stampForm(form) {
  const stamp = form.elements.namedItem('opened');
  const ask = async () => {
    if (stamp.value !== '') return;
    const response = await fetch(form.dataset.stampUrl).catch(() => null);
    if (response?.ok) stamp.value = await response.text();
  };
  form.addEventListener('focusin', ask, { once: true });
}

/**
 * Solves a challenge of the site's own while the form is filled in: it costs a reader nothing, and a program a moment for each
 * sign-up. Where that cannot be done the form goes without, and comes in by a narrower door.
 */
function proveWork(form) {
  const field = form.elements.namedItem('altcha');
  let solving = null;
  let isSent = false;
  const begin = () => {
    solving ??= solve(form.dataset.challengeUrl)
      .then((payload) => {
        field.value = payload;
      })
      .catch(() => {});
    return solving;
  };
  // What a browser brings back with the page has counted already.
  window.addEventListener('pageshow', ({ persisted }) => {
    if (persisted) [solving, isSent] = [null, false];
    if (solving === null) field.value = '';
  });
  form.addEventListener('focusin', begin);
  form.addEventListener('submit', async (event) => {
    if (isSent || field.value !== '' || event.submitter?.hasAttribute('formaction')) return;
    event.preventDefault();
    form.setAttribute('aria-busy', 'true');
    await begin();
    isSent = true;
    form.removeAttribute('aria-busy');
    form.requestSubmit(event.submitter);
  });
}

/** The number whose hash, behind the salt, is the challenge (https://altcha.org), as base64 of JSON. */
async function solve(url) {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`status ${response.status}`);
  const { algorithm, challenge, maxnumber, salt, signature } = await response.json();
  const encoder = new TextEncoder();
  const wanted = challenge.match(/../g).map((hex) => Number.parseInt(hex, 16));
  const check = async (number) => {
    const hash = new Uint8Array(await crypto.subtle.digest(algorithm, encoder.encode(salt + number)));
    return wanted.every((byte, index) => hash[index] === byte);
  };
  // Some at a time: each hash has a way to another thread and back.
  const atOnce = 500;
  for (let first = 0; first <= maxnumber; first += atOnce) {
    const hits = await Promise.all(Array.from({ length: atOnce }, (_, index) => check(first + index)));
    const number = first + hits.indexOf(true);
    if (number >= first) return btoa(JSON.stringify({ algorithm, challenge, number, salt, signature }));
  }
  throw new Error('no solution');
}

function detectTimeZone(select) {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  // A form that the browser brought back holds what its reader chose.
  if (!select || !zone || select.value !== 'UTC') return;
  const isOffered = [...select.options].some(({ value }) => value === zone);
  if (!isOffered) select.prepend(new Option(zone.replaceAll('_', ' '), zone));
  select.value = zone;
}

/** A file that was chosen is shown in the box at once, and the preview with it. One that is large, or no plain text, is left to the server. */
function showFile(form) {
  const input = form.elements.namedItem('libraryFile');
  const box = form.elements.namedItem('library');
  input?.addEventListener('change', async () => {
    const [file] = input.files;
    if (!file || file.size > longestFile || box.value.trim() !== '') return;
    const text = await file.text();
    if (/[\0\uFFFD]/.test(text)) return;
    box.value = text;
    input.value = '';
    box.dispatchEvent(new Event('input', { bubbles: true }));
  });
}

function followChoices(form) {
  const section = document.getElementById('preview');
  const body = document.getElementById('preview-body');
  const status = document.getElementById('preview-status');
  let shown = toQuery(form);
  let timer;
  let running;

  async function refresh() {
    const query = toQuery(form);
    running?.abort();
    section.removeAttribute('aria-busy');
    if (query === shown) return;
    running = new AbortController();
    const { signal } = running;
    section.setAttribute('aria-busy', 'true');
    try {
      const response = await fetch(
        `${form.dataset.previewUrl}${form.dataset.previewUrl.includes('?') ? '&' : '?'}${query}`,
        { signal },
      );
      if (!response.ok) throw new Error(`status ${response.status}`);
      body.innerHTML = await response.text();
      shown = query;
      status.textContent = body.querySelector('[data-summary]')?.dataset.summary ?? '';
    } catch {
      if (signal.aborted) return;
      const { previewFailed } = form.dataset;
      body.textContent = previewFailed;
      status.textContent = previewFailed;
      shown = null;
    }
    section.removeAttribute('aria-busy');
  }

  form.addEventListener('input', ({ target }) => {
    if (!choices.includes(target.name)) return;
    clearTimeout(timer);
    timer = setTimeout(refresh, waitMs);
  });

  form.addEventListener('submit', async (event) => {
    if (!event.submitter?.hasAttribute('formaction')) return;
    event.preventDefault();
    clearTimeout(timer);
    await refresh();
    section.scrollIntoView({ block: 'nearest' });
  });

  // Choices that the browser brought back after a reload.
  if (body.querySelector('.preview-note')) {
    shown = toQuery(form) === '' ? '' : null;
    refresh();
  }
}

/** What is wanted and what is not: the address is nobody's business yet. */
function toQuery(form) {
  const data = new FormData(form);
  const query = new URLSearchParams();
  for (const name of choices) {
    for (const value of data.getAll(name))
      if (value.trim() !== '') query.append(name, value.slice(0, longestShown));
  }
  return query.toString();
}
