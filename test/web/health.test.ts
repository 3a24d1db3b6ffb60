// The health check under a database that is slow, away, and back.
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { checkHealth } from '../../src/web/http/health.ts';

let asked = 0;
let database: () => Promise<void> = async () => {};
let url = '';
const app = express().get(
  '/healthz',
  checkHealth({
    checkDatabase: () => {
      asked += 1;
      return database();
    },
    logger: pino({ level: 'silent' }),
  }),
);
const server = createServer(app);
beforeAll(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/healthz`;
});
afterAll(() => server.close());

const probe = async () => (await fetch(url)).status;

test('a database that never answered is waited for, and one that fails is told', async () => {
  database = async () => {
    throw new Error('no answer');
  };
  expect(await probe()).toBe(503);
  database = async () => {};
  expect(await probe()).toBe(200);
});

test('behind a long queue the last answer counts, and probes ask once together', async () => {
  let answer: (error?: Error) => void = () => {};
  database = () =>
    new Promise((resolve, reject) => {
      answer = (error) => (error === undefined ? resolve() : reject(error));
    });
  asked = 0;
  expect(await Promise.all([probe(), probe(), probe()])).toEqual([200, 200, 200]);
  expect(asked).toBe(1);

  answer(new Error('it is away'));
  database = async () => {
    throw new Error('it is away');
  };
  expect(await probe()).toBe(503);
});
