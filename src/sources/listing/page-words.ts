// Lines that belong to the page around the cards: its banner, its menus, its foot.

/** Only the page itself says these, so they may stand anywhere, also between two pages put into one file. */
const bannerLine = /get trending papers in your email inbox|^(?:title: ?)?"?daily papers - hugging face"?$/i;
const bylineLine =
  /^by ?(?:ak ?)?and the research community$|^.{0,6}\bAK\b.{0,30}(?:forschungsgemeinschaft|communauté|comunidad|comunità|comunidade|gemeenschap|сообществ|研究社区|研究界|コミュニティ|커뮤니티).{0,24}$/iu;
const restOfByline = /^and the research community$/i;
const submitterLine =
  /^(?:(?:Subscribe)?Submitted by|Eingereicht von|Soumis par|Enviado por|Inviato da|提交者|投稿者)[:：]?(?: \S+)?$/;

/** Also everyday words, so they count only at the head and the foot of the text. */
const pageWords = new Set(
  [
    'new|subscribe|subscribed|daily papers|trending papers|papers|daily|weekly|monthly|once a day!|a day!|day!',
    'hugging face|models|datasets|spaces|buckets|community|docs|enterprise|pricing|log in|sign up|search|website',
    'tasks|huggingchat|collections|languages|organizations|blog|posts|learn|discord|forum|github|solutions',
    'team & enterprise|hugging face pro|enterprise support|inference providers|inference endpoints|storage buckets',
    'previous|next|back|today|yesterday|by|ak|byak|system theme|company|tos|privacy|about|careers|jobs|support',
    'changelog|© hugging face|terms|cookies|buckets new|load more|show more|view all|upvote|all|sort|trending',
    'accept|accept all|accept cookies|reject|reject all|decline|manage preferences|cookie settings|got it|ok|close',
    'skip to main content|skip to content|menu|sign in|advertisement|sponsored|back to top|references',
  ].flatMap((row) => row.split('|')),
);
/** What a reader program writes above the page that it read. */
const captureHead = /^(?:url source|published time|markdown content|source|url|title):/i;
/** What a page of a week or of a month shows for its day: `W40`, `Sep 28 - Oct 4`, `October 2026`. */
const weekOrMonth =
  /^(?:w(?:eek )?\d{1,2}(?:,? \d{4})?|[a-z]{3}\.? \d{1,2}(?:, \d{4})? ?[-–] ?(?:[a-z]{3}\.? )?\d{1,2}(?:, \d{4})?|(?:january|february|march|april|may|june|july|august|september|october|november|december) \d{4})$/i;
const cookieNotice =
  /\b(?:we|site|website|page|service)\b.{0,60}\bus(?:es?|ing)\b.{0,40}\bcookies?\b|\bby (?:clicking|continuing|using)\b.{0,200}\bcookies?\b/i;

/** A button of a card, with its number; and what stands beside such buttons only. */
const number = String.raw`\d(?:[\d.,]{0,9}\d)?k?`;
const button = `(?:github(?: ?${number})?|arxiv page|arxiv|upvotes?(?: ?${number})?|view paper|pdf|play)`;
const besideButtons = `(?:view arxiv page|view pdf|project page|project|website|code|hugging face|hf page|(?:models?|datasets?|spaces?|collections?|community|comments?|share|stars?)(?: ?${number})?)`;
const cardButton = new RegExp(`^${button}$`, 'i');
const cardButtons = new RegExp(
  String.raw`^(?=.*?${button})(?:${number} )?(?:(?:${button}|${besideButtons})(?![a-z\d]|[.,]\d)[ |·•,/–-]{0,5}){2,9}$`,
  'i',
);
const numberedButton = new RegExp(`^(?:github|upvotes?) ?${number}$`, 'i');

/** True for a line that only the page's banner has. `attached`: no blank line parts it from the line above. */
export function isBanner(line: string, position: 'apart' | 'attached'): boolean {
  if (line.length > 120) return false;
  // The rest of the byline may also be the middle of a wrapped abstract.
  return bannerLine.test(line) || bylineLine.test(line) || (position === 'apart' && restOfByline.test(line));
}

/** True for a line that may be the page's own, if it stands at the head or the foot. */
export function isPageWord(line: string): boolean {
  if (line.length > 600) return false;
  if (captureHead.test(line) || cookieNotice.test(line) || weekOrMonth.test(line)) return true;
  return line.length <= 160 && isAllPageWords(line.replace(/^[•*+-] /, ''));
}

const wordsByStart = new Map<string, string[]>();
for (const word of pageWords)
  wordsByStart.set(word.charAt(0), [...(wordsByStart.get(word.charAt(0)) ?? []), word]);
const between = /^(?:[ |·•*–/-]*[ |·•*–/-]|(?=\p{Lu}))/u;

/** `Models Datasets Spaces`, `TOSPrivacyAbout`: a menu whose entries came on one line. */
function isAllPageWords(line: string): boolean {
  const lower = line.toLowerCase();
  if (pageWords.has(lower)) return true;
  const ends = new Set<number>([0]);
  for (const end of ends) {
    const gap = end === 0 ? '' : between.exec(line.slice(end))?.[0];
    if (gap === undefined) continue;
    const start = end + gap.length;
    for (const word of wordsByStart.get(lower.charAt(start)) ?? []) {
      if (lower.startsWith(word, start)) ends.add(start + word.length);
    }
  }
  return line !== '' && ends.has(line.length);
}

/** True for a line of a card that says nothing about the paper: a link to its code, its PDF, or several of them. */
export function isCardButton(line: string): boolean {
  return (line.length <= 24 && cardButton.test(line)) || isSurelyButtons(line);
}

/** Of these no title consists: `GitHub 1.2k arXiv Page`. */
export function isSurelyButtons(line: string): boolean {
  return line.length <= 120 && (numberedButton.test(line) || cardButtons.test(line));
}

/** True for "Submitted by", which stands above a card, with or without the name on the same line. */
export function isSubmitterLine(line: string): boolean {
  return line.length <= 80 && submitterLine.test(line);
}
