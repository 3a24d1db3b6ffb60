// Every URL we print, in mails and pages alike.

export type Links = ReturnType<typeof createLinks>;

export type FeedFormat = 'atom' | 'json';

/** What a feed is of; `token` is one for feeds. */
export type FeedSubject =
  | { type: 'all' }
  | { type: 'topic'; id: string }
  | { type: 'search'; query: string }
  | { type: 'reader'; token: string };

/** `baseUrl` without a trailing slash, such as `https://papers.example.org`; `finish` may add to what pages link to. */
export function createLinks(baseUrl: string, finish: (url: string) => string = (url) => url) {
  return {
    home: () => finish(`${baseUrl}/`),
    subscribe: () => finish(`${baseUrl}/subscribe`),
    /** When a form is first touched: what says so, for its script. */
    stamp: () => `${baseUrl}/subscribe/opened`,
    /** A challenge for whoever signs up, as JSON. */
    challenge: () => `${baseUrl}/subscribe/challenge`,
    preview: () => finish(`${baseUrl}/preview`),
    previewFragment: () => finish(`${baseUrl}/preview/fragment`),
    asset: (file: string) => `${baseUrl}/assets/${file}`,
    latestPapers: () => finish(`${baseUrl}/papers`),
    papersOf: (date: string) => finish(`${baseUrl}/papers/${date}`),
    paper: (seq: number) => finish(`${baseUrl}/paper/${seq}`),
    /** As BibTeX or RIS. */
    paperAs: (seq: number, form: CitationForm) => `${baseUrl}/paper/${seq}.${form}`,
    topics: () => finish(`${baseUrl}/topics`),
    topic: (id: string) => finish(`${baseUrl}/topics/${id}`),
    searchForm: () => finish(`${baseUrl}/search`),
    search: (query: string) => finish(`${baseUrl}/search?${new URLSearchParams({ q: query })}`),
    feed: (subject: FeedSubject, format: FeedFormat) =>
      finish(`${baseUrl}/feeds/${nameFeed(subject, format)}`),
    confirm: (token: string) => finish(`${baseUrl}/confirm/${token}`),
    /** Asks for an address, and mails the link below to it. */
    requestPreferences: () => finish(`${baseUrl}/preferences`),
    preferences: (token: string) => finish(`${baseUrl}/preferences/${token}`),
    /** What came on which day, and why nothing came. In mails it is written behind what `preferences` gives. */
    history: (token: string) => finish(`${baseUrl}/preferences/${token}/history`),
    historyAs: (token: string, form: CitationForm) => `${baseUrl}/preferences/${token}/history.${form}`,
    /** A digest as a web page that may be passed on: papers, and nothing of whose they are. */
    digest: (token: string) => finish(`${baseUrl}/digest/${token}`),
    /** The same, with buttons for more and fewer of each kind, and nothing else of its reader's. */
    votes: (token: string) => finish(`${baseUrl}/vote/${token}`),
    /** Has the short-lived link to what follows mailed; the token is that of the preferences. */
    requestAccount: (token: string) => finish(`${baseUrl}/preferences/${token}/account`),
    closeLinks: (token: string) => finish(`${baseUrl}/preferences/${token}/links`),
    account: (token: string) => finish(`${baseUrl}/account/${token}`),
    changeAddress: (token: string) => finish(`${baseUrl}/account/${token}/address`),
    confirmAddress: (token: string) => finish(`${baseUrl}/address/${token}`),
    keepAddress: (token: string) => finish(`${baseUrl}/keep-address/${token}`),
    /** All that is known about the reader, as JSON. */
    data: (token: string) => finish(`${baseUrl}/account/${token}/data`),
    erase: (token: string) => finish(`${baseUrl}/account/${token}/erase`),
    forgetVotes: (token: string) => finish(`${baseUrl}/preferences/${token}/votes`),
    /** Starts with what `votes` gives (before it is finished), so that all votes of a mail need one token. Without a wish: the choice of both. */
    vote: ({ votes, seq, wish }: { votes: string; seq: number; wish?: 'more' | 'fewer' }) =>
      finish(`${votes}/papers/${seq}${wish === undefined ? '' : `/${wish}`}`),
    renewFeed: (token: string) => finish(`${baseUrl}/preferences/${token}/feed`),
    /** For whoever has the mailbox that the token is about. */
    noMail: (token: string) => finish(`${baseUrl}/no-mail/${token}`),
    undo: (token: string) => finish(`${baseUrl}/undo/${token}`),
    unsubscribe: (token: string) => finish(`${baseUrl}/unsubscribe/${token}`),
    /** The console; `path` is empty, or begins with a slash. */
    admin: (path: string) => `${baseUrl}/admin${path}`,
    /** The API; `path` begins with a slash. */
    api: (path: string) => `${baseUrl}/api/v1${path}`,
  };
}

/** Adds a parameter to an address that may have some already. */
export function addToQuery(url: string, name: string, value: string): string {
  return `${url}${url.includes('?') ? '&' : '?'}${name}=${encodeURIComponent(value)}`;
}

export type CitationForm = 'bib' | 'ris';

function nameFeed(subject: FeedSubject, format: FeedFormat): string {
  switch (subject.type) {
    case 'all':
      return `all.${format}`;
    case 'topic':
      return `topics/${subject.id}.${format}`;
    case 'search':
      return `search.${format}?${new URLSearchParams({ q: subject.query })}`;
    case 'reader':
      return `mine/${subject.token}.${format}`;
  }
}
