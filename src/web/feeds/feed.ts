// A feed before it is written as Atom or as JSON. Texts are plain and whole; addresses are complete.

export type Feed = {
  title: string;
  description: string;
  /** The page that shows the same. */
  pageUrl: string;
  /** Where each form of it is. */
  urls: { atom: string; json: string };
  /** Who publishes it. */
  publisher: string;
  updatedAt: Date;
  items: FeedItem[];
};

export type FeedItem = {
  /** The permanent page of the paper, which is also its id: it never changes. */
  url: string;
  title: string;
  /** Or the organisation; none where neither is known. */
  authors: string[];
  abstract: string;
  links: { label: string; href: string }[];
  topics: string[];
  publishedAt: Date;
  updatedAt: Date;
};
