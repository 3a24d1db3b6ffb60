import { describe, expect, test } from 'vitest';
import { hashMailbox, toMailbox } from '../../src/subscribers/mailbox.ts';

describe('one mailbox', () => {
  test.each([
    ['Ada@Example.ORG', 'ada@example.org'],
    ['ada+papers@example.org', 'ada@example.org'],
    ['ada+a+b@example.org.', 'ada@example.org'],
    ['"ada"@example.org', 'ada@example.org'],
    ['ada@bücher.example', 'ada@xn--bcher-kva.example'],
    ['ada@XN--BCHER-KVA.example', 'ada@xn--bcher-kva.example'],
    ['A.d.a.L+x@GoogleMail.com', 'adal@gmail.com'],
    ['ada.l@me.com', 'ada.l@icloud.com'],
    ['ada-l_x.y+z@pm.me', 'adalxy@proton.me'],
    ['ada-l@ya.ru', 'adal@yandex.ru'],
    ['ada.l@yandex.com.tr', 'adal@yandex.ru'],
    ['ada-lists@yahoo.co.uk', 'ada@yahoo.co.uk'],
    ['ada-lists+x@ymail.com', 'ada@ymail.com'],
    ['papers@ada.fastmail.com', 'ada@fastmail.com'],
  ])('of %s is that of %s', (email, mailbox) => {
    expect(toMailbox(email)).toBe(mailbox);
    expect(toMailbox(mailbox)).toBe(mailbox);
    expect(hashMailbox(email)).toBe(hashMailbox(mailbox));
  });

  test.each([
    ['ada.l@example.org', 'adal@example.org'],
    ['ada-l@example.org', 'ada@example.org'],
    ['ada@yahoo.de', 'ada@yahoo.com'],
    ['ada@mail.gmail.com', 'ada@gmail.com'],
    ['+ada@example.org', '+grace@example.org'],
    ['-ada@yahoo.com', '-grace@yahoo.com'],
    ['...@gmail.com', 'ada@gmail.com'],
  ])('is not that of both %s and %s', (one, other) => {
    expect(toMailbox(one)).not.toBe(toMailbox(other));
  });

  test('is kept as 32 hex digits, which tell nobody whose it is', () => {
    expect(hashMailbox('ada@example.org')).toMatch(/^[0-9a-f]{32}$/);
  });
});
