// arXiv's two feeds and its API's answers, written by hand in their shape.

export type FeedEntry = {
  id: string;
  title?: string;
  abstract?: string;
  creator?: string;
  announced?: string;
  /** The one that it was submitted to. */
  category?: string;
  comment?: string;
  /** As the feed writes it. */
  published?: string;
};

const escapeXml = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** RSS 2.0, as rss.arxiv.org/rss/ gives it. */
export function printRss(entries: FeedEntry[], made = 'Tue, 03 Mar 2026 00:00:00 -0500'): string {
  const items = entries.map(
    ({
      id,
      title = 'A Paper',
      abstract = 'All of it.',
      creator = 'Ada Lovelace, Alan Turing',
      announced = 'new',
      category = 'cs.LG',
      comment,
      ...entry
    }) => `
<item>
<title>${escapeXml(title)}</title>
<link>https://arxiv.org/abs/${id.replace(/v\d+$/, '')}</link>
<description>arXiv:${id} Announce Type: ${announced} 
Abstract: ${escapeXml(abstract)}</description>
<guid isPermaLink="false">oai:arXiv.org:${id}</guid>
<category>${category}</category>
<pubDate>${entry.published ?? made}</pubDate>
<arxiv:announce_type>${announced}</arxiv:announce_type>${comment === undefined ? '' : `<arxiv:comment>${escapeXml(comment)}</arxiv:comment>`}
<dc:rights>http://creativecommons.org/licenses/by/4.0/</dc:rights>
<dc:creator>${escapeXml(creator)}</dc:creator>
</item>`,
  );
  return `<?xml version='1.0' encoding='UTF-8'?>
<rss xmlns:arxiv="http://arxiv.org/schemas/atom" xmlns:dc="http://purl.org/dc/elements/1.1/" version="2.0">
<channel>
<title>cs.LG updates on arXiv.org</title>
<link>http://rss.arxiv.org/rss/cs.LG</link>
<lastBuildDate>Tue, 03 Mar 2026 05:00:02 +0000</lastBuildDate>
<pubDate>${made}</pubDate>
<skipDays><day>Saturday</day><day>Sunday</day></skipDays>${items.join('')}
</channel>
</rss>`;
}

/** Atom, as rss.arxiv.org/atom/ gives it. */
export function printAtom(entries: FeedEntry[], made = '2026-03-03T05:00:19.866337+00:00'): string {
  const items = entries.map(
    ({
      id,
      title = 'A Paper',
      abstract = 'All of it.',
      creator = 'Ada Lovelace',
      announced = 'new',
      category = 'cs.LG',
      comment,
      ...entry
    }) => `
  <entry>
    <id>oai:arXiv.org:${id}</id>
    <title>${escapeXml(title)}</title>
    <updated>${made}</updated>
    <link href="https://arxiv.org/abs/${id.replace(/v\d+$/, '')}" rel="alternate" type="text/html"/>
    <summary>arXiv:${id} Announce Type: ${announced} \nAbstract: ${escapeXml(abstract)}</summary>
    <category term="${category}"/>
    <published>${entry.published ?? '2026-03-03T00:00:00-05:00'}</published>
    <arxiv:announce_type>${announced}</arxiv:announce_type>${comment === undefined ? '' : `<arxiv:comment>${escapeXml(comment)}</arxiv:comment>`}
    <dc:creator>${escapeXml(creator)}</dc:creator>
  </entry>`,
  );
  return `<?xml version='1.0' encoding='UTF-8'?>
<feed xmlns:arxiv="http://arxiv.org/schemas/atom" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns="http://www.w3.org/2005/Atom" xml:lang="en-us">
  <id>http://rss.arxiv.org/atom/cs.LG</id>
  <title>cs.LG updates on arXiv.org</title>
  <updated>${made}</updated>${items.join('')}
</feed>`;
}

export type ApiEntry = {
  id: string;
  title?: string;
  abstract?: string;
  authors?: string[];
  published?: string;
};

/** The search API, with `total` results on all its pages. */
export function printApiPage(entries: ApiEntry[], total = entries.length): string {
  const items = entries.map(
    ({
      id,
      title = 'A Paper',
      abstract = 'All of it.',
      authors = ['Ada Lovelace'],
      published = '2026-03-01T17:59:49Z',
    }) => `
  <entry>
    <id>http://arxiv.org/abs/${id}</id>
    <title>${escapeXml(title)}</title>
    <updated>2026-03-02T08:00:00Z</updated>
    <link href="https://arxiv.org/abs/${id}" rel="alternate" type="text/html"/>
    <summary>${escapeXml(abstract)}</summary>
    <category term="cs.LG" scheme="http://arxiv.org/schemas/atom"/>
    <published>${published}</published>
    <arxiv:primary_category term="cs.LG"/>${authors.map((name) => `\n    <author>\n      <name>${escapeXml(name)}</name>\n    </author>`).join('')}
  </entry>`,
  );
  return `<?xml version='1.0' encoding='UTF-8'?>
<feed xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/" xmlns:arxiv="http://arxiv.org/schemas/atom" xmlns="http://www.w3.org/2005/Atom">
  <id>https://arxiv.org/api/example</id>
  <title>arXiv Query: search_query=cat:cs.LG</title>
  <opensearch:itemsPerPage>${entries.length}</opensearch:itemsPerPage>
  <opensearch:totalResults>${total}</opensearch:totalResults>
  <opensearch:startIndex>0</opensearch:startIndex>${items.join('')}
</feed>`;
}
