import { expect, test } from 'vitest';
import { nameServers } from '../../src/service/open-delivery.ts';

test('two accounts of one host are told apart; one is named by its host, which keeps its user to itself', () => {
  const urls = ['smtps://ada:secret@a.example', 'smtp://grace:secret@b.example:587', 'smtp://c.example'];
  expect(nameServers(urls)).toEqual([
    { server: 'ada@a.example', name: 'a.example' },
    { server: 'grace@b.example:587', name: 'b.example:587' },
    { server: 'c.example', name: 'c.example' },
  ]);
  expect(nameServers([...urls, 'smtps://alan@a.example'])).toMatchObject([
    { name: 'ada@a.example' },
    { name: 'b.example:587' },
    { name: 'c.example' },
    { name: 'alan@a.example' },
  ]);
  expect(nameServers(['smtp://ada@a.example', 'smtp://ada@a.example?pool=1'])).toMatchObject([
    { name: 'a.example' },
    { name: 'a.example' },
  ]);
});
