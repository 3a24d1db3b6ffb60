import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readLibrary } from '../../src/library/read-library.ts';
import { measureProcessorTime } from '../support/processor-time.ts';

const attention = 'Attention Is All You Need [arXiv:1706.03762]';

describe('a library', () => {
  test('is a list of titles, ids and addresses, each paper once', () => {
    expect(
      readLibrary(`Attention Is All You Need
- arXiv:1706.03762v5
2. https://doi.org/10.1000/182
1706.03762, https://arxiv.org/abs/math/0309136
attention is all you need

Graphs, nodes and edges [doi:10.1000/183]`),
    ).toEqual([
      'Attention Is All You Need',
      '[arXiv:1706.03762]',
      '[doi:10.1000/182]',
      '[arXiv:math/0309136]',
      'Graphs, nodes and edges [doi:10.1000/183]',
    ]);
  });

  test('is what it was when it is read again', () => {
    const once = readLibrary(`${attention}\n10.1000/182\nA [bracketed] title\nNur ein Titel: ganz schlicht`);
    expect(readLibrary(once.join('\n'))).toEqual(once);
  });

  test('is BibTeX, as Zotero, Google Scholar and hands write it', () => {
    expect(
      readLibrary(`% Exported
@string{neurips = "Advances in Neural Information Processing Systems"}
@article{vaswani2017,
  title = {{Attention Is All You Need}}, author = {Vaswani, Ashish and others},
  abstract = {The title = {dominant} models, @article{not} one more},
  eprint = {1706.03762}, archivePrefix = {arXiv}, year = 2017 }
@misc{scholar, title={Na{\\"\\i}ve {B}ayes \\& its \\textit{friends}: \\'Etude}, journal={arXiv preprint arXiv:2001.00001}}
@inproceedings(broken, title = "Who forgot {a brace", year = 2020
@book{last, doi = {https://doi.org/10.1000/ABC_1}, TITLE = "Of Gr\\"obner {\\ss}ets", booktitle = neurips}
@misc{datacite, title={From a DOI}, doi={10.48550/arXiv.2002.00002}}`),
    ).toEqual([
      attention,
      'Naïve Bayes & its friends: Étude [arXiv:2001.00001]',
      'Who forgot a brace',
      'Of Gröbner ßets [doi:10.1000/abc_1]',
      'From a DOI [arXiv:2002.00002]',
    ]);
  });

  test('is RIS, with what goes on in the next line', () => {
    expect(
      readLibrary(`TY  - JOUR
TI  - Attention Is
 All You Need
UR  - http://arxiv.org/abs/1706.03762
ER  -
TY  - CONF
T1  - Graphs
DO  - 10.1000/182`),
    ).toEqual([attention, 'Graphs [doi:10.1000/182]']);
  });

  test('is Zotero’s CSV or RDF', () => {
    expect(
      readLibrary(`"Key","Item Type","Title","DOI","Url","Extra"
"A1","preprint","Attention Is All You Need","","http://arxiv.org/abs/1706.03762","arXiv:1706.03762 [cs]"
"B2","journalArticle","Graphs, ""nodes""
and edges","10.1000/182","",""
`),
    ).toEqual([attention, 'Graphs, "nodes" and edges [doi:10.1000/182]']);
    expect(
      readLibrary(`<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:bib="http://purl.org/net/biblio#"
  xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" xmlns:z="http://www.zotero.org/namespaces/export#">
  <rdf:Description rdf:about="http://arxiv.org/abs/1706.03762"><bib:authors/><dc:title>Attention Is All You Need</dc:title>
    <dc:identifier><dcterms:URI><rdf:value>http://arxiv.org/abs/1706.03762</rdf:value></dcterms:URI></dc:identifier></rdf:Description>
  <z:Attachment rdf:about="#item_1"><dc:title>Full Text PDF</dc:title></z:Attachment>
  <bib:Article rdf:about="urn:issn:1"><dc:title>Graphs</dc:title><dc:identifier>DOI 10.1000/182</dc:identifier></bib:Article>
  <bib:Journal rdf:about="urn:issn:2"><dc:title>A Journal</dc:title></bib:Journal></rdf:RDF>`),
    ).toEqual([attention, 'Graphs [doi:10.1000/182]']);
  });

  test('has titles with their ids or addresses beside them', () => {
    expect(
      readLibrary(`# My papers
* [Attention Is All You Need](https://arxiv.org/abs/1706.03762) - Vaswani
- Graphs, arXiv:2001.00001
• Nodes — https://doi.org/10.1000/182
2001.00002: Edges
[12] “Trees”
**Forests** https://www.alphaxiv.org/abs/2001.00003
5. "Woods"`),
    ).toEqual([
      'My papers',
      attention,
      'Graphs [arXiv:2001.00001]',
      'Nodes [doi:10.1000/182]',
      'Edges [arXiv:2001.00002]',
      'Trees',
      'Forests [arXiv:2001.00003]',
      'Woods',
    ]);
  });

  test('is BibTeX with ids wherever programs put them', () => {
    expect(
      readLibrary(`@string{of = " of things"}
@misc{a, title={One}, eprint={2001.00001}, primaryClass={cs.LG}} @misc{b, title = "Two" # of, howpublished={\\url{https://arxiv.org/abs/2001.00002}}}
@article{c, title={Three}, journal={CoRR}, volume={abs/2001.00003}}
@online{d, title={Four}, subtitle={A Study}, eprint={2001.00004}, eprinttype={arxiv}}
@misc{e, title={$\\alpha$-Five}, howpublished={arXiv:2001.00005}}
@article{f, title={Six}, eprint={2001.00006}, eprinttype={jstor}, url={https://dl.acm.org/doi/10.1145/1.2}}`),
    ).toEqual([
      'One [arXiv:2001.00001]',
      'Two of things [arXiv:2001.00002]',
      'Three [arXiv:2001.00003]',
      'Four: A Study [arXiv:2001.00004]',
      'alpha-Five [arXiv:2001.00005]',
      'Six [doi:10.1145/1.2]',
    ]);
  });

  const bibtex = (fields: string) => `@article{a, title={Graphs}, ${fields}, year={2025}}`;
  const ris = (field: string) =>
    `TY  - JOUR\nTI  - Graphs\nN2  - Others wrote arXiv:2401.00001\n${field}\nER  - `;
  const csv = (column: string, value: string) =>
    `"Key","Item Type","Title","Abstract Note","${column}"\n"A","preprint","Graphs","Others wrote arXiv:2401.00001","${value}"`;
  const rdf = (inside: string, beside = '') =>
    `<rdf:RDF xmlns:rdf="r" xmlns:bib="b" xmlns:dc="d" xmlns:dcterms="t" xmlns:prism="p" xmlns:z="z" xmlns:link="l"><bib:Article rdf:about="#1"><dc:title>Graphs</dc:title><dcterms:abstract>Others wrote arXiv:2401.00001</dcterms:abstract>${inside}</bib:Article>${beside}</rdf:RDF>`;
  const csl = (fields: object) =>
    JSON.stringify([{ id: 'a', title: 'Graphs', abstract: 'Others wrote arXiv:2401.00001', ...fields }]);

  test.each([
    ...[
      'note = {arXiv:2511.01234}',
      'note = {arXiv preprint 2511.01234v2 [cs.CL]}',
      'note = {Accepted at a workshop (arXiv:~2511.01234)}',
      'note = {\\texttt{arXiv:2511.01234}}',
      'note = {arXiv:\\href{https://arxiv.org/abs/2511.01234}{2511.01234}}',
      'note = {doi:10.48550/arXiv.2511.01234}',
      'howpublished = {arXiv}, note = {2511.01234}',
      'howpublished = {Available at \\url{https://arxiv.org/abs/2511.01234v1}}',
      'url = {\\url{https://arxiv.org/abs/2511.01234}}',
      'url = {arxiv.org/pdf/2511.01234}',
      'eprint = {2511.01234}',
      'eprint = {2511.01234}, archivePrefix = {arXiv}',
      'arxivId = {2511.01234}',
      'journal = {arXiv preprint arXiv:2511.01234}',
      'journal = {CoRR abs/2511.01234}',
      'journal = {arXiv (2511.01234)}',
      'journal = {arXiv e-prints}, pages = {arXiv:2511.01234}',
      'journal = {arXiv e-prints}, eid = {arXiv:2511.01234}',
      'journaltitle = {arXiv preprint arXiv:2511.01234}',
      'institution = {arXiv}, number = {2511.01234}',
      'publisher = {arXiv}, doi = {10.48550/ARXIV.2511.01234}',
      'link = {https://huggingface.co/papers/2511.01234}',
      'file = {:home/ada/2511.01234v2.pdf:PDF}',
      'eprint = {12345}, eprinttype = {jstor}, note = {arXiv:2511.01234}',
    ].map((fields) => [fields, bibtex(fields)]),
    ...[
      'N1  - arXiv:2511.01234 [cs]\nComment: 12 pages',
      'N1  - Preprint at https://arxiv.org/abs/2511.01234v2',
      'UR  - https://doi.org/10.1000/182;https://arxiv.org/abs/2511.01234',
      'M1  - 2511.01234',
      'M3  - arXiv:2511.01234',
      'L1  - https://arxiv.org/pdf/2511.01234.pdf',
      'L2  - http://arxiv.org/abs/2511.01234',
      'L1  - internal-pdf://12/2511.01234.pdf',
      'DO  - 10.48550/arXiv.2511.01234',
      'JF  - CoRR\nVL  - abs/2511.01234',
      'J2  - arXiv:2511.01234',
      'PB  - arXiv\nIS  - 2511.01234',
      'C1  - arXiv:2511.01234',
    ].map((field) => [field, ris(field)]),
    ['EndNote’s notes', '%0 Journal Article\n%T Graphs\n%Z arXiv:2511.01234'],
    ['EndNote’s journal', '%0 Journal Article\n%T Graphs\n%J arXiv preprint arXiv:2511.01234'],
    ['PubMed’s list', 'PMID- 1\nTI  - Graphs\nAID - arXiv:2511.01234v1 [pii]\n'],
    ...[
      ['Extra', 'arXiv:2511.01234 [cs.CL]'],
      ['Extra', 'Publisher: arXiv\nDOI: 10.48550/arXiv.2511.01234'],
      ['Extra', 'ArXiv ID: 2511.01234'],
      ['Archive Location', '2511.01234'],
      ['Number', 'arXiv:2511.01234'],
      ['Publication Title', 'arXiv preprint arXiv:2511.01234'],
      ['Link Attachments', 'http://arxiv.org/abs/2511.01234; http://example.com/'],
      ['arXivID', '2511.01234'],
    ].map(([column = '', value = '']) => [`${column}: ${value}`, csv(column, value)]),
    ...[
      '<dc:description>arXiv: 2511.01234</dc:description>',
      '<dc:description>DOI: 10.48550/arXiv.2511.01234</dc:description>',
      '<prism:number>arXiv:2511.01234</prism:number>',
      '<dcterms:isPartOf><bib:Journal><dc:title>arXiv preprint arXiv:2511.01234</dc:title></bib:Journal></dcterms:isPartOf>',
    ].map((inside) => [inside, rdf(inside)]),
    [
      'an attachment',
      rdf(
        '<link:link rdf:resource="#2"/>',
        '<z:Attachment rdf:about="#2"><dc:identifier><dcterms:URI>http://arxiv.org/pdf/2511.01234</dcterms:URI></dc:identifier></z:Attachment>',
      ),
    ],
    ...[
      { note: 'arXiv:2511.01234 [cs]\nComment: 3 pages' },
      { archive: 'arXiv', archive_location: '2511.01234' },
      { number: 'arXiv:2511.01234' },
      { 'container-title': ['arXiv preprint arXiv:2511.01234'] },
      { 'container-title': 'CoRR', volume: 'abs/2511.01234' },
      { title: ['Graphs'], DOI: '10.48550/ARXIV.2511.01234' },
    ].map((fields) => [JSON.stringify(fields), csl(fields)]),
  ])('knows a paper by arXiv’s id: %s', (_, text) =>
    expect(readLibrary(text ?? '')).toEqual(['Graphs [arXiv:2511.01234]']),
  );

  test.each([
    ['a note', bibtex('note = {DOI: 10.1000/182}')],
    ['how it was published', bibtex('howpublished = {https://doi.org/10.1000/182}')],
    ['RIS’ notes', ris('N1  - doi: 10.1000/182')],
    ['RIS’ kind of work', ris('M3  - 10.1000/182')],
    ['Zotero’s Extra', csv('Extra', 'Citation Key: a\nDOI: 10.1000/182')],
    ['a description', rdf('<dc:description>DOI: 10.1000/182</dc:description>')],
    [
      'its journal, where Zotero puts it',
      rdf(
        '<dcterms:isPartOf rdf:resource="urn:issn:1"/>',
        '<bib:Journal rdf:about="urn:issn:1"><dc:title>Edges</dc:title><dc:identifier>DOI 10.1000/182</dc:identifier></bib:Journal>',
      ),
    ],
    ['CSL’s note', csl({ note: 'DOI: 10.1000/182' })],
    [
      'its own, beside another paper’s',
      bibtex('doi = {10.1000/182}, note = {Extended version of arXiv:2401.00001}'),
    ],
    [
      'its own, beside one it builds on',
      ris('DO  - 10.1000/182\nN1  - Builds on https://arxiv.org/abs/2401.00001'),
    ],
  ])('knows a paper by its DOI: %s', (_, text) =>
    expect(readLibrary(text)).toEqual(['Graphs [doi:10.1000/182]']),
  );

  test.each([
    ['another paper', bibtex('note = {Comment on arXiv:2401.00001}')],
    ['another archive', bibtex('eprint = {2401.00001}, archivePrefix = {SocArXiv}')],
    ['another archive in CSL', csl({ archive: 'JSTOR', archive_location: '2401.00001' })],
    ['an abstract', ris('SP  - 1')],
    ['pages', bibtex('pages = {1204--1217}')],
  ])('takes no id from %s', (_, text) => expect(readLibrary(text)).toEqual(['Graphs']));

  test.each([
    ['RIS with single spaces', 'TY - JOUR\nTI - Graphs\nDO - 10.1000/182\nER -'],
    ['RIS with an indent', '  TY  - JOUR\r\n  TI  - Graphs\r\n  DO  - 10.1000/182\r\n  ER  - '],
    [
      'RIS with a hyphen at the start of a line',
      'TY  - JOUR\nAB  - Of the\nDO-not-care Club\nTI  - Graphs\nDO  - 10.1000/182',
    ],
    ['PubMed’s list', 'PMID- 123\nTI  - Graphs\nLID - 10.1000/182 [doi]\nFAU - Lovelace, Ada\n'],
    ['EndNote’s list', '%0 Journal Article\n%T Graphs\n%A Ada\n%R 10.1000/182\n'],
    ['CSV in small letters', 'title,year,doi\nGraphs,2020,10.1000/182'],
    ['CSV with semicolons', 'Title;DOI\n"Graphs";10.1000/182'],
    ['a table with tabs', 'Year\tTitle\tDOI\n2020\tGraphs\t10.1000/182'],
    ['CSL’s JSON', JSON.stringify([{ id: 'a', type: 'article', title: 'Graphs', DOI: '10.1000/182' }])],
  ])('is %s', (_, text) => expect(readLibrary(text)).toEqual(['Graphs [doi:10.1000/182]']));

  const old = '10.1002/(SICI)1097-4571(199806)49:8<693::AID-ASI4>3.0.CO;2-O';
  test.each([
    ['BibTeX', bibtex(`doi = {${old}}`)],
    [
      'BibTeX of Zotero',
      bibtex(`doi = {${old.replace('<', '{\\textless}').replace('>', '{\\textgreater}')}}`),
    ],
    ['BibTeX of Mendeley', bibtex(`note = {doi: ${old.replace('<', '$<$').replace('>', '$>$')}, 1998}`)],
    [
      'an address in BibTeX',
      bibtex(`url = {https://doi.org/${encodeURIComponent(old).replaceAll('%', '\\%')}}`),
    ],
    ['RIS', ris(`DO  - ${old}`)],
    ['CSV', csv('DOI', old)],
    ['CSL', csl({ DOI: old })],
    ['a list', `Graphs, doi:${old}`],
  ])('takes an old DOI of Wiley’s from %s', (_, text) => {
    const lines = readLibrary(text);
    expect(lines).toEqual([`Graphs [doi:${old.toLowerCase()}]`]);
    expect(readLibrary(lines.join('\n'))).toEqual(lines);
  });

  test.each([
    '10.1000/1, 10.1000/2',
    '10.1000/1; 10.1000/2',
    '10.1000/1;10.1000/2',
    '10.1000/1 and 10.1000/2',
    'doi: 10.1000/1, and doi: 10.1000/2.',
    '10.1000/1 & https://doi.org/10.1000/2',
    '10.1000/1 und (10.1000/2)',
  ])('has as many papers on a line as ids: %s', (line) =>
    expect(readLibrary(line)).toEqual(['[doi:10.1000/1]', '[doi:10.1000/2]']),
  );

  test('has all ids of a line, and old DOIs with their semicolons', () => {
    expect(readLibrary('2508.13434, arXiv: 2508.13428; 2508.13429 and 2508.13431')).toEqual([
      '[arXiv:2508.13434]',
      '[arXiv:2508.13428]',
      '[arXiv:2508.13429]',
      '[arXiv:2508.13431]',
    ]);
    const bracketed = '10.1641/0006-3568(2001)051[0933:teotwa]2.0.co;2';
    const lines = readLibrary(`${old}; ${bracketed}; 10.1000/1`);
    expect(lines).toEqual([`[doi:${old.toLowerCase()}]`, `[doi:${bracketed}]`, '[doi:10.1000/1]']);
    expect(readLibrary(lines.join('\n'))).toEqual(lines);
  });

  const marked = 'Of <i>E. coli</i>, <span class="nocase">CO<sub>2</sub></span> &amp; m<sup>3</sup>';
  const csvQuoted = marked.replaceAll('"', '""');
  test.each([
    ['CSV', `Key,Title,DOI\n"A","${csvQuoted}","10.1000/1"`],
    ['RDF', rdf('').replace('>Graphs<', `>${marked.replaceAll('&', '&amp;').replaceAll('<', '&lt;')}<`)],
    ['CSL', csl({ title: marked })],
    ['RIS', ris('').replace('Graphs', marked)],
    ['BibTeX', bibtex('').replace('Graphs', marked)],
    ['a list', marked.replace('&amp;', '&')],
  ])('has titles without the tags of %s', (_, text) =>
    expect(readLibrary(text)[0]?.replace(' [doi:10.1000/1]', '')).toBe('Of E. coli, CO2 & m3'),
  );

  test('leaves signs in a title that are no tags', () => {
    expect(readLibrary('When a<b, c>d and <i, j> are pairs')).toEqual(['When a<b, c>d and <i, j> are pairs']);
  });

  test('has no notes and attachments of Zotero’s', () => {
    const rows = ['"attachment","Full Text PDF"', '"note","My Private Note"', '"annotation","Yellow"'];
    expect(readLibrary(['"Item Type","Title"', '"book","Graphs"', ...rows].join('\n'))).toEqual(['Graphs']);
    const items = ['book', 'attachment', 'note'].map((itemType) => ({ itemType, title: `A ${itemType}` }));
    expect(readLibrary(JSON.stringify({ items }))).toEqual(['A book']);
  });

  test('is RIS whose only title is that of a book, and of a chapter the chapter’s', () => {
    expect(readLibrary('TY  - BOOK\nBT  - Graphs\nER  - \nTY  - CHAP\nBT  - Graphs\nTI  - Edges')).toEqual([
      'Graphs',
      'Edges',
    ]);
  });

  test('is Semantic Scholar’s JSON, of papers and of what they cite', () => {
    const externalIds = { ArXiv: '2511.01234', DOI: '10.1000/182', CorpusId: 7 };
    expect(readLibrary(JSON.stringify({ total: 1, data: [{ externalIds, title: 'Graphs' }] }))).toEqual([
      'Graphs [arXiv:2511.01234]',
    ]);
    const cited = { externalIds: { DOI: '10.1000/182' }, title: 'Edges' };
    const data = [{ citedPaper: cited }, { citedPaper: { externalIds: null, title: 'Nodes' } }];
    expect(readLibrary(JSON.stringify({ data }))).toEqual(['Edges [doi:10.1000/182]', 'Nodes']);
  });

  test('goes on with a title whose next line begins with a word in capitals', () => {
    expect(readLibrary('%0 Journal Article\n%T Fast and exact\nGAN-based inversion\n')).toEqual([
      'Fast and exact GAN-based inversion',
    ]);
  });

  test('of question marks costs no time', async () => {
    const text = `${'?'.repeat(1990)} x\n`.repeat(100);
    expect(await measureProcessorTime(() => readLibrary(text))).toBeLessThan(1000);
  });

  test('never throws, and is soon read', async () => {
    const parts = [
      '@article{',
      'title = {',
      '}',
      '"',
      ',',
      '\n',
      'TY  - ',
      'TI  - ',
      '<rdf:RDF',
      '\\"',
      '{',
      'x',
      '[arXiv:',
      ']',
      'Title,DOI',
    ];
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.constantFrom(...parts), fc.string()), { maxLength: 60 }), (given) => {
        for (const line of readLibrary(given.join(''))) expect(line.length).toBeLessThan(520);
      }),
      { numRuns: 300 },
    );
    for (const part of parts) {
      const text = `@article{a,\n${part.repeat(30_000)}`;
      expect(await measureProcessorTime(() => readLibrary(text)), part).toBeLessThan(4000);
    }
  });
});
