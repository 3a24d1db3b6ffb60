// Which CSS a mail may use: what Gmail, Outlook (Windows, with Word's engine, and the web) and Apple Mail support by
// https://www.caniemail.com, or ignore without harm to the mail.

/** In style attributes. */
const everywhere = new Set(
  `background background-color border border-top border-bottom border-collapse color direction display font-family
   font-size font-style font-weight height letter-spacing line-height margin text-align text-decoration text-transform
   vertical-align width word-spacing`.split(/\s+/),
);

/** Without them a mail looks as good: corners are square, a line breaks elsewhere. */
const harmless = new Set(
  'border-radius white-space word-break max-width max-height opacity overflow cursor'.split(' '),
);

const allowedSelector = /^(?:[.#]?[\w-]+|:root)(?:(?: > | )[.#]?[\w-]+|:hover)*$/;
const allowedAtRule =
  /^@media (?:only screen and )?\((?:prefers-color-scheme: dark|m(?:in|ax)-width: ?480px)\)$/;

export function listCssProblems(html: string): string[] {
  return [...listInlineProblems(html), ...listSheetProblems(html)];
}

function listInlineProblems(html: string): string[] {
  const shown = html.replace(/<!--\[if mso.*?<!\[endif\]-->/gs, '');
  return [...shown.matchAll(/<(\w+)\b[^>]*?\sstyle="([^"]*)"/g)].flatMap(([, tag = '', style = '']) =>
    style
      .split(';')
      .map((declaration) => declaration.split(':', 1)[0]?.trim() ?? '')
      .filter((property) => property !== '' && !isAllowed(property, tag))
      .map((property) => `${property} on <${tag}>`),
  );
}

function isAllowed(property: string, tag: string): boolean {
  // Word knows padding in cells only. MJML says it twice for its button: on the link, and for Word on the cell.
  if (property.startsWith('padding')) return tag === 'td' || tag === 'a';
  return everywhere.has(property) || harmless.has(property) || property.startsWith('mso-');
}

/** Gmail drops a sheet above 16 KB, and a rule with a selector that it does not know. */
function listSheetProblems(html: string): string[] {
  const sheets = [...html.matchAll(/<style type="text\/css">([^<]*)<\/style>/g)].map(
    ([, sheet = '']) => sheet,
  );
  const blocks = sheets.flatMap((sheet) => sheet.match(/[^{}]+(?=\{)/g) ?? []).map((block) => block.trim());
  const size = sheets.join('').length;
  return [
    ...(size > 16_000 ? [`${size} bytes of style sheets`] : []),
    ...blocks
      .flatMap((block) => (block.startsWith('@') ? [block] : block.split(/,\s*/)))
      .filter((each) => !(each.startsWith('@') ? allowedAtRule : allowedSelector).test(each)),
  ];
}
