// What REDIS_URL may say, and what it is told where it is wrong.
import { describe, expect, test } from 'vitest';
import { readConfig } from '../../../src/config/config.ts';
import { readRedisUrl } from '../../../src/platform/redis/redis-url.ts';

describe('REDIS_URL', () => {
  test.each(['redis://redis:6379', 'rediss://user:p%40ss@redis.example.org/2', 'redis://[::1]:6379'])(
    '%s is one server',
    (url) => {
      expect(readRedisUrl(url)).toEqual({ type: 'single', url });
    },
  );

  test('names Sentinels, what they watch, and two logins', () => {
    const url = 'redis+sentinel://ada:p%40%3A@h1:26380,h2,[::1]:5/mymaster/4?sentinelPassword=s%26x';
    expect(readRedisUrl(url)).toEqual({
      type: 'sentinel',
      nodes: [
        { host: 'h1', port: 26_380 },
        { host: 'h2', port: 26_379 },
        { host: '::1', port: 5 },
      ],
      login: { username: 'ada', password: 'p@:' },
      nodeLogin: { password: 's&x' },
      name: 'mymaster',
      db: 4,
      tls: false,
    });
  });

  test('names servers of a cluster, over TLS with rediss', () => {
    expect(readRedisUrl('rediss+cluster://:secret@h1:7000,h2')).toEqual({
      type: 'cluster',
      nodes: [
        { host: 'h1', port: 7000 },
        { host: 'h2', port: 6379 },
      ],
      login: { password: 'secret' },
      tls: true,
    });
  });

  test.each([
    ['http://redis', 'is no URL of Redis'],
    ['redis://redis/papers', 'has “papers” for the number of a database'],
    ['redis+sentinel://h1,h2', 'under which name the Sentinels watch'],
    ['redis+sentinel://h1:x/papers', 'has “h1:x” where a host and its port are to be'],
    ['redis+sentinel://h1:70000/papers', 'has “h1:70000”'],
    ['redis+sentinel://h1/papers/first', 'has “first” for the number of a database'],
    ['redis+sentinel://h1/papers?password=x', 'has the option “password”'],
    ['redis+cluster://h1,h2/1', 'a cluster has one database only'],
    ['redis+cluster://h1,,h2', 'has “” where a host and its port are to be'],
    ['redis+cluster://%E0%A4%A@h1', 'is no URL'],
  ])('%s is refused at start, by the name of the variable', (url, problem) => {
    const read = () => readConfig({ REDIS_URL: url });
    expect(read).toThrow(`REDIS_URL`);
    expect(read).toThrow(problem);
  });
});
