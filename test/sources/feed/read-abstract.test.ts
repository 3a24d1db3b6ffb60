// What journals put into one text with an abstract.
import { describe, expect, test } from 'vitest';
import { parseFeed } from '../../../src/sources/feed/parse-feed.ts';

const abstract = 'We fry fish in vol. 2 of three pans. It takes ten minutes.';
const escapeXml = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');

function readEntry(fields: Record<string, string>) {
  const written = Object.entries({ title: 'Fish', link: 'https://journal.example/1', ...fields })
    .map(([name, text]) => `<${name}>${escapeXml(text)}</${name}>`)
    .join('');
  const feed = parseFeed(
    `<rss version="2.0"><channel><title>J</title><item>${written}</item></channel></rss>`,
  );
  return feed.type === 'feed' ? feed.papers[0]?.paper : undefined;
}

describe('an abstract begins behind what a journal has above it', () => {
  test.each([
    ['Nature', `<p>Nature, Published online: 03 March 2026; <a href="x">doi:10.1038/s1</a></p>${abstract}`],
    ['Science', `Science, Volume 391, Issue 6790, Page 70-75, March 2026. <br/>${abstract}`],
    ['Springer', `<title>Abstract</title>\n<p>${abstract}</p>`],
    ['Wiley', `<h2>ABSTRACT</h2><p>${abstract}</p>`],
    ['in capitals', `ABSTRACT ${abstract}`],
    ['who repeats the title', `<p>Fish</p><p>${abstract}</p>`],
    [
      'the Royal Society of Chemistry',
      `<div><i>Chem. Sci.</i>, 2026, Advance Article<br/><b>DOI</b>: 10.1039/D6SC1A, Edge Article</div><div>${abstract}<br/>To cite this article before page numbers are assigned, use the DOI form.</div>`,
    ],
    [
      'Physical Review',
      `<p>Author(s): Ada Lovelace</p><p>${abstract}</p><p>[Phys. Rev. Lett. 136, 1] Published Tue Mar 3, 2026</p>`,
    ],
    [
      'MDPI',
      `<p><b>Fish</b></p><p>Foods <a href="x">doi: 10.3390/f1</a></p><p>Authors:\nAda Lovelace\n</p><p>${abstract}</p>`,
    ],
    [
      'PubMed',
      `<p>Food. 2026 Mar 3. doi: 10.1093/f1. Online ahead of print.</p><p><b>ABSTRACT</b></p><p>${abstract}</p><p>PMID:<a href="x">1</a> | DOI:10.1093/f1</p>`,
    ],
  ])('%s', (_, description) => {
    expect(readEntry({ description })?.abstract).toBe(abstract);
  });

  test('and is none where that is all', () => {
    const description = 'Volume 120, Issue 552, October-December 2025, Page 2001-2015<br/>. ';
    expect(readEntry({ description })?.abstract).toBeNull();
    expect(readEntry({ description: 'Journal of Fish, EarlyView. ' })?.abstract).toBeNull();
  });

  test('and in its words nothing is taken for that', () => {
    expect(readEntry({ description: 'Source: a river. We follow it down.' })?.abstract).toBe(
      'Source: a river. We follow it down.',
    );
    const own = `Abstract Meaning Representation is a graph.<p>Data: doi:10.5281/zenodo.1</p>`;
    expect(readEntry({ description: own })?.abstract).toBe(
      'Abstract Meaning Representation is a graph. Data: doi:10.5281/zenodo.1',
    );
  });
});

test('of several texts the first that is whole is the abstract', () => {
  expect(
    readEntry({ description: 'We fry fish in vol...', 'content:encoded': `<p>${abstract}</p>` })?.abstract,
  ).toBe(abstract);
  expect(
    readEntry({ description: 'Journal of Fish, EarlyView.', 'content:encoded': abstract })?.abstract,
  ).toBe(abstract);
  expect(readEntry({ description: 'We fry fish in vol…' })?.abstract).toBe('We fry fish in vol…');
});

test('authors may stand above the abstract alone', () => {
  const names = ['Ada Lovelace', 'Alan Turing'];
  const publisher = '<p>Publication date: May 2026</p><p><b>Source:</b> Fish, Volume 194</p>';
  expect(readEntry({ description: `${publisher}<p>Author(s): ${names.join(', ')}</p>` })).toMatchObject({
    authors: names,
    abstract: null,
  });
  const byline = `<p>by ${names.join(', ')}</p>${abstract}`;
  expect(readEntry({ author: 'Ada Lovelace', description: byline })).toMatchObject({
    authors: names,
    abstract,
  });
  expect(readEntry({ description: 'By Monday, all fish are fried.' })).toMatchObject({
    abstract: 'By Monday, all fish are fried.',
  });
});

test('a title has no journal and no page in front where Dublin Core has it alone', () => {
  const fields = { title: 'Foods, Vol. 15, Pages 690: Fish: A Study', 'dc:title': 'Fish: A Study' };
  expect(readEntry(fields)?.title).toBe('Fish: A Study');
});
