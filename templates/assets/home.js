// The front page's extras: the reader's time zone is filled in, and the preview follows every choice.
// Without this script a button does the same.

const waitMs = 300;
const choices = ['topics', 'keywords', 'organizations[]', 'authors', 'excludedTopics', 'excludedKeywords'];

const form = document.querySelector('form[data-preview-url]');
if (form) {
  detectTimeZone(form.querySelector('select[data-detect]'));
  followChoices(form);
  stampForm(form);
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

function detectTimeZone(select) {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  // A form that the browser brought back holds what its reader chose.
  if (!select || !zone || select.value !== 'UTC') return;
  const isOffered = [...select.options].some(({ value }) => value === zone);
  if (!isOffered) select.prepend(new Option(zone.replaceAll('_', ' '), zone));
  select.value = zone;
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
    for (const value of data.getAll(name)) if (value.trim() !== '') query.append(name, value);
  }
  return query.toString();
}
