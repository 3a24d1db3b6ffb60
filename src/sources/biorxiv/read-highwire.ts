// bioRxiv's and medRxiv's API gives texts whose markup was turned into marks of its own: `O_ST_ABSBackgroundC_ST_ABSWe look`,
// `AO_SCPLOWBSTRACTC_SCPLOW`, `O_LIOne itemC_LI`, `37{degrees}C`. No document tells which; these are what abstracts were seen with.
import { readText } from '../../text/clean-text.ts';
import { readReferences } from '../../text/html-references.ts';
import { findSign } from '../../text/mend-text.ts';

/** Abstracts are a tenth of it. Every pattern looks a bounded way ahead. */
const longestText = 20_000;

export function readHighwireTitle(given: string | null | undefined): string | null {
  return readText(readSigns(dropTags(open(given).replace(anySmallCaps, '').replace(anyMark, ' '))));
}

/** Small capitals are letters, headings end in a colon and items in a full stop, figures and tables are gone. */
export function readHighwireAbstract(given: string | null | undefined): string | null {
  return readText(readSigns(dropTags(readMarks(dropFigures(open(given))))));
}

function open(given: string | null | undefined): string {
  return readReferences((given ?? '').slice(0, longestText).replace(/\r\n?/g, '\n'));
}

const figure = /O_(FIG_DISPLAY|FIG|TBL|INLINEFIG)\b[\s\S]{0,6000}?C_\1(?!_DISPLAY)/g;
const aboveFigure =
  /(?:graphical abstract|graphical toc|toc graphic|table of contents graphic)\s{0,9}(?=O_FIG)/gi;
/** Of one that has no end. */
const furniture =
  /O_LINKSMALLFIG\b[^>\n]{0,500}>?|View larger version \(\d{1,5}K\):?|(?:org\.highwire\.dtl\.DTLVardef@[\da-f]{1,16})+|_HPS_FORMAT_FIGEXP/g;

function dropFigures(text: string): string {
  return text.replace(aboveFigure, '').replace(figure, '\n').replace(furniture, ' ');
}

const headings =
  'Abstract|Structured Abstract|Structured abstract|Abstract/Summary|Background|Background and Aims|Background and Objectives|Background and Objective|Background and Purpose|' +
  'Introduction|Context|Rationale|Motivation|Importance|Objective|Objectives|Aim|Aims|Purpose|Hypothesis|Question|Questions|' +
  'Method|Methods|Methods and Results|Methods and Findings|Methodology|Materials and Methods|Material and Methods|Patients and Methods|' +
  'Approach|Design|Study Design|Setting|Participants|Patients|Interventions|Intervention|Exposures|Exposure|Measurements|' +
  'Main Outcomes and Measures|Main Outcome Measures|Outcomes|Data Sources|Study Selection|Analysis|Implementation|' +
  'Result|Results|Main Results|Key Results|Results and Discussion|Finding|Findings|Main Findings|Key Findings|Discussion|Limitations|' +
  'Conclusion|Conclusions|Conclusions and Relevance|Conclusion and Relevance|Conclusions and Implications|Interpretation|Interpretations|' +
  'Significance|Significance Statement|Significance statement|Statement of Significance|Implications|Implications for Practice|Impact|Impact Statement|' +
  'Author Summary|Author summary|Lay Summary|Lay summary|Plain Language Summary|Summary|Summary Statement|Graphical Abstract|Graphical TOC|TOC Graphic|Highlights|Highlight|Key Points|Key points|' +
  'Key Messages|Key messages|Availability|Availability and Implementation|Availability and implementation|Code Availability|Data Availability|' +
  'Contact|Supplementary Information|Supplementary information|Funding|Trial Registration|Trial registration|Registration|Keywords';
const names = headings.split('|').sort((one, other) => other.length - one.length);
const capitals = new Set(names.map((name) => name.toUpperCase()));
const heading = names.join('|');
/** Where a paragraph starts, or a sentence in a text whose paragraphs are lost. */
const start = String.raw`(?<=^\s{0,9}|\n\s{0,9}|[.!?)\]]\s{1,3})`;
/** Glued to the text behind it, which begins with a capital, or with a name such as mRNA; or alone on its line. */
const gluedHeading = new RegExp(
  String.raw`${start}(${heading})(?=\p{Lu}|(?<!Aims?)\d|\s{0,3}\n)|(?<=^\s{0,9}|\n\s{0,9})(${heading})(?=\p{Ll}{1,4}[\p{Lu}\d])`,
  'gu',
);
const shoutedHeading = new RegExp(
  String.raw`${start}(${[...capitals].join('|')})(?=\p{Lu}\p{Ll}|\s{0,3}\n)`,
  'gu',
);
const smallCaps = '[OC]_SCP(?:LOW|CAP)';
const anySmallCaps = new RegExp(smallCaps, 'g');
/** `SO_SCPLOWUMMARYC_SCPLOW`, where a paragraph starts. */
const cappedHeading = new RegExp(
  String.raw`${start}((?:\p{Lu}|${smallCaps}|[ &/]){4,60}${smallCaps})(?=\s{0,3}\n|\s{0,3}\p{Lu}|O_)`,
  'gu',
);
const markedHeading =
  /O_ST_ABS([\s\S]{0,200}?)C_ST_ABS|<(?:jats:)?(title|h\d)>([^<>]{1,200})<\/(?:jats:)?\2>/gi;
/** What stands above a list, on its line. */
const aboveItems = /(?<=^|\n)([^\n.!?:]{1,60})(?=\s{0,9}O_LI)/g;
const item = /O_LI\s{0,9}([\s\S]{0,4000}?)\s{0,9}C_LI/g;
const anyMark =
  /[OCM]_(?:SCPLOW|SCPCAP|ST_ABS|TABLECAPTION|TEXTBOX|FIG_DISPLAY|INLINEFIG|LINKSMALLFIG|FIG|TBL|LST|LI|QD)/g;

function readMarks(text: string): string {
  const marked = text
    .replace(markedHeading, (_, marked?: string, _tag?: string, tagged?: string) =>
      printHeading(marked ?? tagged ?? ''),
    )
    .replace(cappedHeading, (all, name: string) => {
      const plain = name.replace(anySmallCaps, '').trim();
      return capitals.has(plain) ? printHeading(plain) : all;
    })
    .replace(aboveItems, (all, name: string) =>
      /\p{L}/u.test(name) && !/[OCM]_/.test(name) ? printHeading(name) : all,
    )
    .replace(item, (_, content: string) => `\n${endSentence(content)}\n`)
    .replace(anySmallCaps, '')
    .replace(anyMark, '\n')
    .replace(shoutedHeading, (_, name: string) => printHeading(name));
  return partHeadings(marked);
}

/** One alone may be a name: `ContextNet is a network`. */
function partHeadings(text: string): string {
  const count = [...text.matchAll(gluedHeading), ...text.matchAll(/^\p{L}[^\n.:]{2,40}: /gmu)].length;
  return text.replace(gluedHeading, (all, name?: string, other?: string) => {
    const found = name ?? other ?? '';
    return count > 1 || sureHeading.test(found) ? printHeading(found) : all;
  });
}

const sureHeading =
  /^(?:background|introduction|objectives?|methods|results|conclusions?|findings|discussion|significance|importance)(?: |$)/i;

/** On a new line; that it is an abstract goes without saying. */
function printHeading(given: string): string {
  const name = given.trim().replace(/[\s.:]+$/, '');
  if (name === '' || /^(?:structured )?abstract(?:\/summary)?$/i.test(name)) return '\n';
  return `\n${name}${/[?!]$/.test(name) ? '' : ':'} `;
}

function endSentence(content: string): string {
  return content === '' || /[.!?;:,]$/.test(content) ? content : `${content}.`;
}

const blockTag = /<\/?(?:jats:)?(?:p|sec|title|list|list-item|h[1-6]|br)\b[^<>]{0,200}>/gi;
const inlineTag =
  /<\/?(?:jats:[\w-]{1,20}|i|b|u|em|strong|sub|sup|sc|italic|bold|underline|span)(?:\s[^<>]{0,200})?\/?>/gi;

/** Those alone that these texts have: `p<a and b>c` is none. */
function dropTags(text: string): string {
  return text.replace(blockTag, ' ').replace(inlineTag, '');
}

/** Beyond those that TeX has names for, too. */
const signs: Readonly<Record<string, string>> = {
  '+/-': '±',
  '-/+': '∓',
  degrees: '°',
  micro: 'µ',
  'middle dot': '·',
  'superscript 1': '¹',
  'superscript 2': '²',
  'superscript 3': '³',
  'per thousand': '‰',
  permille: '‰',
  'one half': '½',
  'one quarter': '¼',
  'three quarters': '¾',
  square: '□',
  triangleup: '△',
  whitebullet: '◦',
  pound: '£',
  cent: '¢',
  yen: '¥',
  section: '§',
  paragraph: '¶',
  registered: '®',
  trademark: '™',
  divide: '÷',
  male: '♂',
  female: '♀',
  gtrsim: '≳',
  lesssim: '≲',
  'inverted exclamation': '¡',
  'inverted question': '¿',
};
const bracketed: Readonly<Record<string, string>> = {
  '~': '∼',
  '≥': '≥',
  '≤': '≤',
  '>=': '≥',
  '<=': '≤',
  '->': '→',
  '<-': '←',
  '~=': '≅',
  isin: '∈',
  bullet: '•',
};
const greek = /^(?:alpha|beta|gamma|delta|epsilon|zeta|eta|theta|kappa|lambda|sigma|omega)$/i;

/** `{beta}`, `[≥]`, `TGF[beta]`; not TeX's `F_{e}`, and no name that nobody knows. */
function readSigns(text: string): string {
  return text
    .replace(
      /(?<![_^{\\]|\\[A-Za-z]{1,20})\{([^{}]{2,24})\}/g,
      (all, name: string) => signs[name] ?? findSign(name) ?? all,
    )
    .replace(
      /\[([^[\]]{1,12})\]/g,
      (all, name: string) => bracketed[name] ?? (greek.test(name) ? (findSign(name) ?? all) : all),
    );
}
