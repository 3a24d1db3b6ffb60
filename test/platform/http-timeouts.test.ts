import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { expect, test } from 'vitest';
import { httpTimeouts, timeoutsBehind } from '../../src/platform/http-timeouts.ts';

test('who connects and says nothing, or not all of it, is let go of; who asks is answered meanwhile', async () => {
  const server = createServer(httpTimeouts, (_request, response) => response.end('here')).listen(
    0,
    '127.0.0.1',
  );
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const startedAt = performance.now();
  const said = [...Array.from({ length: 200 }, () => ''), 'GET / HTTP/1.1\r\nHost: a\r\nX-Slow: ', 'POST'];
  const ends = said.map(async (words) => {
    const socket = connect(port, '127.0.0.1').on('error', () => {});
    socket.write(words);
    socket.resume();
    await once(socket, 'close');
  });
  expect(await (await fetch(`http://127.0.0.1:${port}`)).text()).toBe('here');
  await Promise.all(ends);
  expect(performance.now() - startedAt).toBeLessThan(20_000);
  server.close();
}, 40_000);

test('a proxy that keeps a connection for a minute never finds it closed', () => {
  expect(timeoutsBehind({ trustProxy: 1 }).keepAliveTimeout).toBeGreaterThan(60_000);
  expect(timeoutsBehind({ trustProxy: 0 }).keepAliveTimeout).toBe(5000);
});
