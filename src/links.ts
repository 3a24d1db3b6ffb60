// Every URL we print, in mails and pages alike.

export type Links = ReturnType<typeof createLinks>;

/** `baseUrl` without a trailing slash, such as `https://papers.example.org`. */
export function createLinks(baseUrl: string) {
  return {
    home: () => `${baseUrl}/`,
    papersOf: (date: string) => `${baseUrl}/papers/${date}`,
    paper: (seq: number) => `${baseUrl}/paper/${seq}`,
    confirm: (token: string) => `${baseUrl}/confirm/${token}`,
    preferences: (token: string) => `${baseUrl}/preferences/${token}`,
    /** A reader's digest on the web; the token is that of the preferences. */
    digest: (token: string) => `${baseUrl}/digest/${token}`,
    /** Starts with what `digest` gives, so that all links of a mail need one token. Without a wish: the choice of both. */
    vote: ({ digest, seq, wish }: { digest: string; seq: number; wish?: 'more' | 'fewer' }) =>
      `${digest}/papers/${seq}${wish === undefined ? '' : `/${wish}`}`,
    unsubscribe: (token: string) => `${baseUrl}/unsubscribe/${token}`,
  };
}
