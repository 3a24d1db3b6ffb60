// Why a delivery ended as it did, or waits: one line a code, as `delivery.reason_code` has it. Decisions are made by these
// codes and by the columns beside them, never by the words of a server or of ours. Adding one is adding a line.

/**
 * `concerns`: whose matter it is: the reader's choice or address, this mail, us (whatever we send next fares alike), the
 * receiver's system, or nobody's. `kind`: what a refusal for good means for the address: `hard`, there is no such address;
 * `soft`, not now; `policy`, this mail was not wanted and the address is fine; null: nothing. `retry`: the same mail may
 * fare better later, without anybody doing anything. `story`: how the reader's history tells of a day without a mail;
 * null: by its state and the server's words.
 */
type OutcomeCodeFacts = {
  concerns: 'address' | 'reader' | 'mail' | 'us' | 'receiver' | 'nobody';
  kind: 'hard' | 'soft' | 'policy' | null;
  retry: boolean;
  story: UnsentStory | null;
};

export type UnsentStory = 'held' | 'suppressed' | 'paused' | 'carried' | 'nothing-matched' | 'nothing-new';

/** What servers refuse for; see `smtp/judge-refusal.ts`. */
export const refusalCauses = {
  mailbox_unknown: { kind: 'hard', concerns: 'address', retry: false },
  mailbox_moved: { kind: 'hard', concerns: 'address', retry: false },
  domain_unknown: { kind: 'hard', concerns: 'address', retry: false },
  mailbox_full: { kind: 'soft', concerns: 'address', retry: true },
  /**
   * Disabled or suspended. It exists, and may be opened again (RFC 3463, x.2.1: "a permanent error if the mailbox will never be
   * re-enabled or a transient error"); nobody says which. Soft: one that stays closed is barred after a week of it.
   */
  mailbox_closed: { kind: 'soft', concerns: 'address', retry: false },
  reader_refuses: { kind: 'policy', concerns: 'address', retry: false },
  content_refused: { kind: 'policy', concerns: 'mail', retry: false },
  too_large: { kind: 'policy', concerns: 'mail', retry: false },
  /** Our address, or our right to use it. */
  sender_refused: { kind: 'policy', concerns: 'us', retry: false },
  /** Our IP address, its name, its reputation. */
  host_refused: { kind: 'policy', concerns: 'us', retry: false },
  /** SPF, DKIM, DMARC. */
  authentication: { kind: 'policy', concerns: 'us', retry: false },
  relay_refused: { kind: 'policy', concerns: 'us', retry: false },
  login_refused: { kind: 'policy', concerns: 'us', retry: false },
  /** So many mails a day or an hour of our provider, and no more. */
  provider_limit: { kind: 'soft', concerns: 'us', retry: true },
  /** Connections or mails, more at a time than is taken. */
  connection_limit: { kind: 'soft', concerns: 'us', retry: true },
  /** Reader after reader of a domain was refused in the same words, and none served: it is hardly them all. */
  refused_alike: { kind: 'policy', concerns: 'us', retry: true },
  /** Passes after minutes, and says nothing about speed. */
  greylisted: { kind: 'soft', concerns: 'receiver', retry: true },
  domain_in_trouble: { kind: 'soft', concerns: 'receiver', retry: true },
  unreachable: { kind: 'soft', concerns: 'receiver', retry: true },
  in_trouble: { kind: 'soft', concerns: 'receiver', retry: true },
  /** A rule of theirs that is not named: codes 5.5, 5.6 and 5.7. */
  not_wanted: { kind: 'policy', concerns: 'mail', retry: false },
  unclear: { kind: 'soft', concerns: 'receiver', retry: true },
} as const satisfies Record<string, Omit<OutcomeCodeFacts, 'story'> & { kind: 'hard' | 'soft' | 'policy' }>;

export type RefusalCause = keyof typeof refusalCauses;
export type RefusalKind = (typeof refusalCauses)[RefusalCause]['kind'];

/** What goes wrong without a server's refusal. */
const failures = {
  /** Nothing has left: no connection, or none any more. */
  no_connection: { kind: null, concerns: 'us', retry: true, story: null },
  /** The body had begun to leave, and no answer came. */
  no_answer: { kind: null, concerns: 'nobody', retry: false, story: null },
  /** The same, and the one who waited for the answer is gone too. */
  worker_ended: { kind: null, concerns: 'nobody', retry: false, story: null },
  /** The database was restored from a backup: what was due then may have been sent since. */
  restored: { kind: null, concerns: 'nobody', retry: false, story: null },
  /** Each worker that took it in hand ended: whatever does that is not to be done for ever. */
  parked: { kind: null, concerns: 'us', retry: false, story: null },
  /** The server lacks what this address or this size needs. */
  cannot_be_sent: { kind: 'policy', concerns: 'mail', retry: false, story: null },
  /** A bug in what writes the mail. */
  not_written: { kind: null, concerns: 'us', retry: true, story: null },
} as const satisfies Record<string, OutcomeCodeFacts>;

/** Why nothing was sent. */
const unsent = {
  no_papers: { kind: null, concerns: 'nobody', retry: false, story: 'nothing-new' },
  no_match: { kind: null, concerns: 'nobody', retry: false, story: 'nothing-matched' },
  edition_cancelled: { kind: null, concerns: 'us', retry: false, story: 'held' },
  /** A later digest has its papers. */
  carried: { kind: null, concerns: 'nobody', retry: false, story: 'carried' },
  suppressed: { kind: null, concerns: 'address', retry: false, story: 'suppressed' },
  paused: { kind: null, concerns: 'reader', retry: false, story: 'paused' },
  /** Not, not yet or no longer what the mail is for: `neededStatus` in delivery.ts. */
  other_status: { kind: null, concerns: 'reader', retry: false, story: 'carried' },
  subscriber_gone: { kind: null, concerns: 'reader', retry: false, story: 'carried' },
  /** What it was to tell of has been taken back. */
  about_nothing: { kind: null, concerns: 'reader', retry: false, story: 'carried' },
} as const satisfies Record<string, OutcomeCodeFacts & { story: UnsentStory }>;

export type FailureCode = keyof typeof failures;
export type UnsentCode = keyof typeof unsent;
export type OutcomeCode = RefusalCause | FailureCode | UnsentCode;

const codes: ReadonlyMap<string, OutcomeCodeFacts> = new Map<string, OutcomeCodeFacts>([
  ...Object.entries(refusalCauses).map(([code, facts]): [string, OutcomeCodeFacts] => [
    code,
    { ...facts, story: null },
  ]),
  ...Object.entries(failures),
  ...Object.entries(unsent),
]);

export const outcomeCodes: readonly string[] = [...codes.keys()];

/** Null for a code that this version does not know, as after going back to an older one. */
export function findOutcomeCode(code: string | null): OutcomeCodeFacts | null {
  return (code === null ? undefined : codes.get(code)) ?? null;
}

/** Too many connections or mails at a time is the receiver's pace, and the domain's throttle sees to it. */
export function isOurTrouble(code: string): boolean {
  return findOutcomeCode(code)?.concerns === 'us' && code !== 'connection_limit';
}

/** Of a mail that may have arrived. */
const askItsLog =
  'look for its Message-ID, which begins with its kind and its number (`digest.<id>.`), in the log of the mail server, and `deliveries settle` it; left alone, its papers come with the next digest';

/** What an operator can do about what is ours or unknown; a cause that is not in here has no such remedy. */
const remedies: Partial<Record<OutcomeCode, string>> = {
  sender_refused:
    'verify the address or domain of MAIL_FROM with your mail provider, and let it receive mail',
  host_refused:
    'look up the IP address in the list that is named, give it a name (PTR), or send by another server; `mail check` tells more',
  authentication: 'publish SPF, DKIM and DMARC as `mail check` says',
  relay_refused: 'let SMTP_URL lead to a server that sends for you, and log in there',
  login_refused: 'give user and password that the mail server takes in SMTP_URL; `doctor` tries them',
  provider_limit: 'raise the quota with your mail provider, or add a server to SMTP_URL',
  refused_alike:
    'write to one of these readers another way: if they are there, ask their postmaster; if they are gone, `suppressions add` them',
  no_connection: 'see that the mail server in SMTP_URL is up and can be reached from here',
  no_answer: askItsLog,
  worker_ended: askItsLog,
  restored: askItsLog,
  edition_cancelled:
    '`editions resume` lets the edition go on, and `deliveries retry --edition <day> --reason edition_cancelled` then sends these',
};

export function findRemedy(code: OutcomeCode | null): string | null {
  return (code === null ? undefined : remedies[code]) ?? null;
}

/** The remedy; or, where there is none, what happens by itself. Null where nothing is to be said. */
export function sayWhatToDo({ state, reason }: { state: string; reason: string | null }): string | null {
  const remedy = findRemedy(reason as OutcomeCode | null);
  if (remedy !== null) return remedy;
  if (state === 'deferred') return 'nothing: it is tried again by itself';
  if (state !== 'rejected') return null;
  const { kind, concerns } = findOutcomeCode(reason) ?? {};
  if (kind === 'hard') return 'nothing: the address gets no mail any more, until `suppressions lift`';
  return concerns === 'mail' ? 'read the words of the server; `deliveries retry` tries it again' : null;
}

/** How far the SMTP conversation had come: what is refused before the recipient was named is never the reader. */
export const smtpStages = ['connection', 'tls', 'login', 'sender', 'recipient', 'content'] as const;
export type SmtpStage = (typeof smtpStages)[number];
