// Tables as spreadsheets and programs write them.
import { describe, expect, test } from 'vitest';
import { readTable, type TableRow } from '../../src/text/read-table.ts';

const names = {
  format: null,
  nameOf: (name: string) =>
    ({ email: 'email', 'e-mail': 'email', topics: 'topics' })[name.trim().toLowerCase()],
  key: 'email',
  headless: ['email', 'topics'],
};

/** In pieces of a few letters, as a pipe may bring it. */
async function read(text: string, pieceLength = 7): Promise<TableRow[]> {
  async function* pieces() {
    for (let at = 0; at < text.length; at += pieceLength) yield text.slice(at, at + pieceLength);
  }
  const rows: TableRow[] = [];
  for await (const row of readTable(pieces(), names)) rows.push(row);
  return rows;
}

const rows = [
  { line: 2, values: { email: 'ada@example.org', topics: 'moe; llm' } },
  { line: 3, values: { email: 'grace@example.org', topics: 'graphs, "odd"' } },
];

describe('what separates fields is seen in the first line:', () => {
  test.each([
    [
      'commas',
      'E-mail,Name,Topics\r\nada@example.org,Ada,moe; llm\r\ngrace@example.org,,"graphs, ""odd"""\r\n',
    ],
    [
      'semicolons',
      '\uFEFFE-mail;Name;Topics\r\nada@example.org;Ada;"moe; llm"\r\ngrace@example.org;;"graphs, ""odd"""',
    ],
    ['tabs', 'Topics\tE-mail\nmoe; llm\tada@example.org\n"graphs, ""odd"""\tgrace@example.org\n'],
    [
      'a quoted name with the other one in it',
      'email;"a, b";topics\nada@example.org;x;"moe; llm"\ngrace@example.org;;"graphs, ""odd"""',
    ],
  ])('%s', async (_, text) => {
    expect(await read(text)).toEqual(rows);
    expect(await read(text, 1000)).toEqual(rows);
  });

  test('in no line that does not end, in whatever small pieces it comes', async () => {
    expect(await read('x'.repeat(70_000), 1)).toEqual([{ line: 1, values: 'is longer than 64 kB' }]);
  });

  test('semicolons, where the file says so itself', async () => {
    const [, second] = await read(
      'sep=;\r\nemail;topics\r\nada@example.org;x\r\ngrace@example.org;"y;z"\r\n',
    );
    expect(second).toEqual({ line: 4, values: { email: 'grace@example.org', topics: 'y;z' } });
  });

  test('without names on top, the one that leaves an address', async () => {
    const ada = { line: 1, values: { email: 'ada@example.org', topics: 'moe' } };
    for (const separator of [',', ';', '\t'])
      expect(await read(`ada@example.org${separator}moe\n`)).toEqual([ada]);
    const lists = { line: 1, values: { email: 'ada@example.org', topics: 'moe;llm;graphs' } };
    expect(await read('ada@example.org,moe;llm;graphs')).toEqual([lists]);
    expect(await read('ada@example.org')).toEqual([{ line: 1, values: { email: 'ada@example.org' } }]);
  });
});
