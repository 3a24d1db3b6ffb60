// A box that finds topics among the groups of the form. Without this script the groups are opened one by one.

const box = document.querySelector('[data-topic-search]');
if (box) {
  const groups = [...box.parentElement.querySelectorAll(':scope > .topic-group, :scope > .topic-grid')];
  const input = box.querySelector('input');
  const status = box.querySelector('[role="status"]');
  const before = new Map();
  // What each covers stands below the groups.
  const terms = [...box.parentElement.querySelectorAll('.covers dt')];
  const covers = new Map(terms.map((term) => [term.textContent, term.nextElementSibling.textContent]));
  box.hidden = false;

  input.addEventListener('keydown', (event) => {
    // Enter sends the form everywhere else.
    if (event.key === 'Enter') event.preventDefault();
  });
  input.addEventListener('input', (event) => {
    // What is looked for here is no choice yet.
    event.stopPropagation();
    const asked = fold(input.value).split(' ').filter(Boolean);
    let found = 0;
    for (const group of groups) {
      if (!before.has(group)) before.set(group, group.open);
      let shown = 0;
      for (const chip of group.querySelectorAll('.chip')) {
        const name = chip.textContent.trim();
        const words = fold(`${name} ${covers.get(name) ?? ''}`);
        chip.hidden = !asked.every((word) => words.includes(word));
        if (!chip.hidden) shown += 1;
      }
      group.hidden = shown === 0;
      group.open =
        asked.length > 0 ? shown > 0 : before.get(group) || group.querySelector(':checked') !== null;
      found += shown;
    }
    if (asked.length === 0) before.clear();
    status.textContent =
      asked.length === 0 ? '' : found === 0 ? box.dataset.none : `${box.dataset.found} ${found}`;
  });
}

function fold(text) {
  return text
    .normalize('NFKD')
    .replace(/[\u0300-\u036f]/g, '')
    .toLowerCase()
    .replace(/\s+/g, ' ');
}
