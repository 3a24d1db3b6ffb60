// What a failure says about the address: by the enhanced status code (RFC 3463), and only where there is none, or one that
// says nothing, by the words.

/** `hard`: there is no such address. `soft`: not now. `policy`: this mail was not wanted, the address is fine. */
export type FailureKind = 'hard' | 'soft' | 'policy';

export type Failure = { kind: FailureKind; status: string | null; diagnostic: string | null };

/** The first that fits. */
const kindsByStatus: readonly (readonly [RegExp, FailureKind])[] = [
  // No such mailbox, no such host, not an address, moved and gone, takes no mail (RFC 7505) or unknown at Exchange.
  [/^5\.1\.(?:1|2|3|6|10)$/, 'hard'],
  // The sender's address, and the size of the mail: nothing that the reader can help.
  [/^5\.1\.[78]$/, 'policy'],
  [/^5\.(?:2\.3|3\.4)$/, 'policy'],
  // The conversation, the content, the receiver's rules.
  [/^5\.[567]\./, 'policy'],
  // A full or disabled mailbox, a network that is down, whatever is new: time will tell.
  [/^[45]\./, 'soft'],
];

/** Codes of a subject without a detail, as Exim gives for everything. */
const saysNothing = /^5\.[0125]\.0$/;

const kindsByWords: readonly (readonly [RegExp, FailureKind])[] = [
  [
    /\b(?:spam|block(?:ed|list)|black ?list|reputation|polic(?:y|ies)|relay(?:ing)?\b.{0,60}\bdenied)/i,
    'policy',
  ],
  [/\b(?:quota|(?:mailbox|storage|inbox).{0,20}\b(?:full|exceeded))/i, 'soft'],
  [/\b(?:unknown|no such|invalid) (?:local )?(?:user|recipient|mailbox|address|account|person)/i, 'hard'],
  [
    /\b(?:user|recipient|mailbox|address|account)\b.{0,60}\b(?:unknown|not found|unavailable|invalid|does(?: not|n.t) (?:exist|have)|no longer (?:exists|valid))/i,
    'hard',
  ],
  [/\bno mailbox (?:here )?by that name|\bunrouteable address/i, 'hard'],
];

const longestDiagnostic = 500;

/** `status` is a report's own field, `words` what the receiver's server said. */
export function judgeFailure({ status, words }: { status: string | null; words: string | null }): Failure {
  const diagnostic = words === null ? null : cleanWords(words);
  const own = findCode(/^\D{0,3}([245]\.\d{1,3}\.\d{1,3})(?![\d.])/, status);
  const said = findStatus(diagnostic);
  const code = own === null || /\.0\.0$|^5\.\d+\.0$/.test(own) ? (said ?? own) : own;
  return { kind: judge(code, diagnostic ?? ''), status: code, diagnostic };
}

function judge(code: string | null, words: string): FailureKind {
  const kind = code === null ? undefined : kindsByStatus.find(([pattern]) => pattern.test(code))?.[1];
  if (kind !== undefined && code !== null && !saysNothing.test(code)) return kind;
  // A 4xx reply is temporary, whatever its words.
  if (/^\W{0,3}4\d\d\b/.test(words)) return 'soft';
  return kindsByWords.find(([pattern]) => pattern.test(words))?.[1] ?? kind ?? 'soft';
}

/** Only where a code stands in replies: behind the reply code, behind a `#`, or first. An address or a version is none. */
function findStatus(words: string | null): string | null {
  return findCode(/(?:^|#|\(|\b[245]\d\d[ -])\s{0,3}([245]\.[0-7]\.\d{1,3})(?![\d.]\d)/, words);
}

function findCode(pattern: RegExp, text: string | null): string | null {
  return pattern.exec(text ?? '')?.[1] ?? null;
}

/** One line without control characters, and without the type that RFC 3464 section 2.3.6 puts first. */
function cleanWords(words: string): string | null {
  const line = words
    .slice(0, 2 * longestDiagnostic)
    .replace(/[\p{Cc}\p{Cs}\s]+/gu, ' ')
    .replace(/^\s*[\w-]{1,20}\s*;/, '')
    .trim();
  return line === '' ? null : line.slice(0, longestDiagnostic);
}
