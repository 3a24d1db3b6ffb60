// What of HTML no reader sees: programs, styles and what stands for other pages, with all that is in them.

const unseenNames = 'script|style|template|iframe|object|svg|head';
const unseenStart = new RegExp(`<(${unseenNames})\\b[^<>]{0,2000}(?<!/)>`, 'gi');
const unseenName = new RegExp(`^(?:\\w+:)?(?:${unseenNames})$`, 'i');

/** Of an element, by its name as it is written, with a prefix or without. */
export function isUnseen(name: string): boolean {
  return unseenName.test(name);
}

/** One that is never closed stays: nobody knows where it was to end. In one walk, however many begin. */
export function dropUnseen(html: string): string {
  if (html.search(unseenStart) === -1) return html;
  const unclosed = new Set<string>();
  let kept = '';
  let from = 0;
  for (const { 0: start, 1: given = '', index } of html.matchAll(unseenStart)) {
    const name = given.toLowerCase();
    if (index < from || unclosed.has(name)) continue;
    const close = new RegExp(`</${name}\\s{0,99}>`, 'gi');
    close.lastIndex = index + start.length;
    if (close.exec(html) === null) {
      unclosed.add(name);
      continue;
    }
    kept += `${html.slice(from, index)} `;
    from = close.lastIndex;
  }
  return kept + html.slice(from);
}
