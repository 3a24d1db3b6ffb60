// Why a mail is not taken, and what that means: for the address, and for the mails that wait behind it.

/**
 * What each cause means. `kind`: `hard`, there is no such address; `soft`, not now; `policy`, this mail was not wanted and
 * the address is fine. `concerns`: the reader's address, this mail, our side of the conversation (whatever we send next
 * fares alike), or the receiver's system.
 */
export const refusalCauses = {
  'mailbox unknown': { kind: 'hard', concerns: 'address' },
  'mailbox moved': { kind: 'hard', concerns: 'address' },
  'domain unknown': { kind: 'hard', concerns: 'address' },
  'mailbox full': { kind: 'soft', concerns: 'address' },
  /** Disabled or suspended: it may be opened again. */
  'mailbox closed': { kind: 'soft', concerns: 'address' },
  'reader refuses': { kind: 'policy', concerns: 'address' },
  'content refused': { kind: 'policy', concerns: 'mail' },
  'too large': { kind: 'policy', concerns: 'mail' },
  /** Our address, or our right to use it. */
  'sender refused': { kind: 'policy', concerns: 'us' },
  /** Our IP address, its name, its reputation. */
  'host refused': { kind: 'policy', concerns: 'us' },
  /** SPF, DKIM, DMARC. */
  authentication: { kind: 'policy', concerns: 'us' },
  'relay refused': { kind: 'policy', concerns: 'us' },
  'login refused': { kind: 'policy', concerns: 'us' },
  /** So many mails a day or an hour, and no more. */
  'sending quota': { kind: 'soft', concerns: 'us' },
  /** Connections or mails, more at a time than is taken. */
  'too fast': { kind: 'soft', concerns: 'us' },
  /** Passes after minutes, and says nothing about speed. */
  greylisted: { kind: 'soft', concerns: 'receiver' },
  'domain in trouble': { kind: 'soft', concerns: 'receiver' },
  unreachable: { kind: 'soft', concerns: 'receiver' },
  'in trouble': { kind: 'soft', concerns: 'receiver' },
  /** A rule of theirs that is not named: codes 5.5, 5.6 and 5.7. */
  'not wanted': { kind: 'policy', concerns: 'mail' },
  unclear: { kind: 'soft', concerns: 'receiver' },
} as const satisfies Record<
  string,
  { kind: 'hard' | 'soft' | 'policy'; concerns: 'address' | 'mail' | 'us' | 'receiver' }
>;

export type RefusalCause = keyof typeof refusalCauses;
export type RefusalKind = (typeof refusalCauses)[RefusalCause]['kind'];
