// What refusals are taken to be due to, in the words of real servers (names and numbers are ours).
import { describe, expect, test } from 'vitest';
import { type RefusalCause, refusalCauses } from '../../src/ledger/outcome-codes.ts';
import { judgeRefusal } from '../../src/smtp/judge-refusal.ts';

type Case = [cause: RefusalCause, words: string, status?: string | null];

const cases: Record<string, Case[]> = {
  'the words of the server win over the status of a gateway': [
    ['host_refused', '550 5.7.1 mail from 192.0.2.9 refused, IP address blacklisted by recipient', '5.1.1'],
    [
      'provider_limit',
      '550 5.1.1 <ada@example.org> - 192.0.2.9 has sent to too many recipients this hour',
      '5.1.1',
    ],
    [
      'not_wanted',
      "5.1.0 - Unknown address error 550-'5.7.1 <b@example.com>... Access denied' (delivery attempts: 0)",
      '5.1.0',
    ],
    ['host_refused', '553 http://www.spamhaus.org/query/bl?ip=192.0.2.9', '5.1.3'],
    [
      'host_refused',
      '550 5.1.1 <ada@example.org>: Client host [192.0.2.9] blocked using bl.example.net',
      '5.1.1',
    ],
    ['mailbox_full', '550 5.1.1 <ada@example.org> user is over quota', '5.1.1'],
    [
      'mailbox_unknown',
      "5.3.0 - Other mail system problem 550-'5.1.1 <ada@example.org>: user unknown'",
      '5.3.0',
    ],
    ['mailbox_unknown', '550 5.0.350 Remote server returned an error -> 550 5.1.1 user unknown', '5.0.350'],
    [
      'content_refused',
      '550 5.7.350 Remote server returned message detected as spam -> 554 5.7.1 [P4] Message blocked',
      '5.7.350',
    ],
    [
      'mailbox_unknown',
      '550 5.7.1 <ada@example.org>: Recipient address rejected: User unknown in relay recipient table',
      '5.7.1',
    ],
    ['unclear', '550 you are not welcome, somehow', '5.0.0'],
    ['unclear', '550 Wrong recipient count', '5.0.0'],
    ['unclear', '550 Unknown recipient policy', '5.0.0'],
  ],
  'a refused sender is no unknown reader': [
    ['sender_refused', '511 sorry, no server takes a valid MX for sender domain (#5.1.1 - chkuser)'],
    ['sender_refused', '550 收件人服务器拒绝，发信地址不存在'],
    ['sender_refused', '550 5.1.8 Sender domain lookup failed: NXDOMAIN'],
    ['sender_refused', '553 sorry, your domain name not found (#5.7.1)'],
    ['sender_refused', '550 5.4.1 your domain does not exist in DNS'],
    ['sender_refused', '550 this account was removed from the allowed senders'],
    ['sender_refused', '550 unknown user in From:'],
    ['sender_refused', '550 Nieznany adres nadawcy'],
    ['sender_refused', '550 onbekend adres van afzender'],
    ['sender_refused', '550 Adresa odesílatele neexistuje'],
    ['sender_refused', '550 Avsändarens adress finns inte'],
    ['sender_refused', '550 адрес отправителя неверный'],
    ['sender_refused', '550 gönderen adres geçersiz'],
    ['sender_refused', '550 διεύθυνση αποστολέα δεν υπάρχει'],
    ['sender_refused', '550 címzett: a feladó ismeretlen'],
    ['host_refused', '550 Your MX mail.papers.example returned NXDOMAIN'],
    ['host_refused', '550 5.7.1 Could not look up 192.0.2.9: NXDOMAIN'],
    ['host_refused', '550 Domain name not found for your HELO'],
    ['host_refused', '550 IP address unknown'],
    ['reader_refuses', '550 Your address was removed from our mailing list'],
    ['reader_refuses', '550 The user has left the list'],
    [
      'sender_refused',
      '550-Verification failed for <digest@papers.example>\n550-No Such User Here\n550 Sender verify failed',
    ],
    ['sender_refused', '550-No Such User Here\r\n550 Sender verify failed'],
    [
      'sender_refused',
      '550 5.1.0 <digest@papers.example>: Sender address rejected: User unknown in virtual mailbox table',
      '5.1.0',
    ],
    ['sender_refused', '5.1.0 <digest@papers.example> Sender address rejected: User unknown'],
    ['sender_refused', '550 5.1.8 <digest@papers.example>: Sender address rejected: Domain not found'],
    [
      'sender_refused',
      '553 5.1.8 <digest@papers.example>... Domain of sender address digest@papers.example does not exist',
    ],
    ['sender_refused', '550 unrouteable sender address'],
    ['sender_refused', '501 Invalid sender: no such user'],
    ['sender_refused', '550 5.7.60 SMTP; Client does not have permissions to send as this sender', '5.7.60'],
    [
      'sender_refused',
      '554 5.2.252 SendAsDenied; digest@papers.example not allowed to send as someone@example.com',
    ],
    [
      'sender_refused',
      '554 Message rejected: Email address is not verified. The following identities failed the check in region EU-WEST-1: digest@papers.example',
    ],
    [
      'sender_refused',
      'SMTP error from remote mail server after MAIL FROM:<digest@papers.example>: 550 no such user here',
    ],
    [
      'sender_refused',
      'host mx.example.org[192.0.2.1] said: 550 user does not exist (in reply to MAIL FROM command)',
    ],
    ['sender_refused', 'Connected to 192.0.2.1 but sender was rejected. Remote host said: 550 unknown user'],
    ['sender_refused', '554 Transaction failed Unauthorized sender address.'],
    ['sender_refused', '550 No MX for sender domain papers.example'],
    ['sender_refused', '501 Domain may not exist or DNS check failed.'],
    ['sender_refused', '550 Return-Path address does not exist, not valid'],
    ['sender_refused', '550 User unknown: @ is not one of our senders'],
    ['sender_refused', '553 MI:SPB 163 mx7, not a known user'],
    ['sender_refused', '550 Remitente desconocido'],
    ['sender_refused', '550 Mittente sconosciuto: utente inesistente'],
    ['sender_refused', '550 Nadawca nieznany'],
    ['sender_refused', '550 Отправитель не существует'],
    ['sender_refused', '550 发件人不存在'],
    ['sender_refused', '550 送信者アドレスが存在しません'],
    ['sender_refused', '550 MAIL FROM domain has no MX or A'],
    ['sender_refused', '554 The sending host does not exist'],
    ['sender_refused', '550 the from address is not valid'],
    ['sender_refused', "550 Sender's mailbox unavailable"],
    ['sender_refused', '550 Absenderadresse existiert nicht'],
    ['sender_refused', "550 L'adresse de l'expéditeur n'existe pas"],
    ['sender_refused', '550 发信人地址不存在'],
    ['sender_refused', '550 送信元のドメインが見つかりません'],
    ['sender_refused', '550 보낸 사람 주소가 존재하지 않습니다'],
    ['mailbox_unknown', '550 user unknown, returned to sender'],
    ['sender_refused', '550 Look-up of your address went wrong: no such user', '5.1.1'],
    ['sender_refused', '550 Mailbox unavailable: the answer for your host is invalid DNS'],
    ['sender_refused', '550 Recipient refused: your domain seems to have no MX, which is not valid'],
    ['sender_refused', '550 there is no MX for your host'],
    ['sender_refused', '550 Ihre E-Mail-Adresse ist hier unbekannt'],
    ['sender_refused', "550 Votre adresse n'est pas une adresse valide, inconnue"],
    ['sender_refused', '550 Seu endereço não existe em nossa lista'],
    ['sender_refused', '550 ваш адрес у нас не зарегистрирован'],
    ['sender_refused', '550 您的邮箱地址不存在'],
    ['sender_refused', '550 보내는 사람의 주소가 없습니다'],
  ],
  'so is our host, our right to send, and how much we may': [
    ['host_refused', '554 IP=192.0.2.9 - there is a problem, ask your postmaster'],
    ['host_refused', '550 SC-001 messages from 192.0.2.9 were not sent'],
    ['host_refused', '554 RTR:BL https://postmaster.example.net/codes'],
    ['host_refused', '554 5.7.1 Service unavailable; Client host [192.0.2.9] blocked using zen.spamhaus.org'],
    [
      'host_refused',
      "550 5.7.1 Unfortunately, messages from [192.0.2.9] weren't sent. Part of their network is on our block list (S3140)",
    ],
    ['host_refused', '421 4.7.0 [TSS04] Messages from 192.0.2.9 temporarily deferred due to user complaints'],
    [
      'host_refused',
      '550-5.7.25 [192.0.2.9] The IP address sending this message does not have a PTR record setup',
    ],
    ['host_refused', '554 IP=192.0.2.9 - A problem occurred. (poor reputation)'],
    ['host_refused', '504 5.5.2 <localhost>: Helo command rejected: need fully-qualified hostname'],
    [
      'authentication',
      "550-5.7.26 Unauthenticated email from papers.example is not accepted due to domain's DMARC policy",
    ],
    ['authentication', '550 5.7.23 The message was rejected because of Sender Policy Framework violation'],
    ['login_refused', '530 5.7.57 Client was not authenticated to send anonymous mail during MAIL FROM'],
    ['login_refused', '530 5.7.0 Authentication required'],
    ['relay_refused', '550 5.7.1 Relaying denied'],
    ['relay_refused', '554 5.7.1 <ada@example.org>: Relay access denied'],
    ['relay_refused', '550 relay not permitted'],
    ['relay_refused', '550 5.7.54 SMTP; Unable to relay recipient in non-accepted domain'],
    ['relay_refused', "553 sorry, that domain isn't in my list of allowed rcpthosts (#5.7.1)"],
    ['provider_limit', '550 5.4.5 Daily user sending quota exceeded. a1-20020a - gsmtp'],
    ['provider_limit', '550 5.4.5 Daily SMTP relay limit exceeded for customer'],
    ['provider_limit', '454 Throttling failure: Daily message quota exceeded.'],
    ['connection_limit', '454 Throttling failure: Maximum sending speed reached.'],
    [
      'connection_limit',
      '432 4.3.2 STOREDRV.ClientSubmit; sender thread limit: too many concurrent connections',
    ],
    ['connection_limit', '421 4.7.0 Too many connections from your host'],
    [
      'greylisted',
      '450 4.2.0 <ada@example.org>: Recipient address rejected: Greylisted, see http://postgrey.example',
    ],
    ['login_refused', '550 not a valid user of our service, authenticate first'],
    ['login_refused', '553 you are not a known user of this relay'],
    ['host_refused', '550 bad HELO - host unknown'],
    ['host_refused', '550 invalid hostname in EHLO'],
    ['host_refused', '550 Your hostname could not be found'],
    ['host_refused', '550 REJECT unknown client hostname'],
    ['host_refused', '550 Country not allowed: users from your country are unknown here'],
    ['host_refused', '554 Ihre IP-Adresse ist gesperrt'],
    ['host_refused', '550 IP заблокирован'],
    ['host_refused', '554- (RTR:BB) http://postmaster.example/errors/554rtrbb.html'],
    ['host_refused', '554 HL:IPB 163 mx7'],
    ['host_refused', 'Connected to 192.0.2.1 but greeting failed. Remote host said: 554 no service'],
    ['host_refused', '550 no reverse record, user unknown'],
    ['host_refused', '550 dictionary attack: unknown users'],
    ['host_refused', '550 5.1.1 <ada@example.org> (your MX is misconfigured)', '5.1.1'],
    ['host_refused', '550 Ваш IP в чёрном списке'],
    ['relay_refused', '550 unknown domain: not relaying'],
    ['connection_limit', '550 Too many unknown users in this session'],
    ['connection_limit', '550 Ip frequency limited'],
    ['connection_limit', '451 RP:QRC 163 smtp5'],
    ['greylisted', '451 4.7.1 Greylisting in action, please come back later'],
    ['relay_refused', '550 5.1.2 Relay is not configured', '5.1.2'],
    ['connection_limit', '550 Maximum count of unknown recipients: closing'],
    ['connection_limit', '550 5.1.1 too much traffic', '5.1.1'],
    ['host_refused', '550 5.1.1 your access to this server is denied', '5.1.1'],
    ['host_refused', '550 5.1.1 SMTP pipelining without permission', '5.1.1'],
    ['host_refused', '550 recipient refuses: address 192.0.2.9 not listed'],
    ['host_refused', '550 Die IP-Adresse ist nicht bekannt'],
    ['unclear', '550 El servidor de correo no existe en esta tabla'],
    ['host_refused', '550 La dirección IP no existe en la lista'],
    ['host_refused', '550 5.1.1 sender score of 12', '5.1.1'],
  ],
  'a reader who is not there': [
    ['mailbox_unknown', '550 cannot find user ada'],
    ['mailbox_unknown', '550 the user is not here'],
    ['mailbox_unknown', '550 5.1.1 no such user at mx.forward.example.net'],
    [
      'mailbox_unknown',
      '550 5.1.1 The email account that you tried to reach does not exist. https://support.google.com/mail/?p=NoSuchUser',
    ],
    ['mailbox_unknown', '550 5.4.1 Recipient address rejected: Access denied. AS(201806281)'],
    [
      'mailbox_unknown',
      '550 5.1.351 Remote server returned unknown recipient or mailbox unavailable',
      '5.1.351',
    ],
    [
      'mailbox_unknown',
      "554 delivery error: dd This user doesn't have a example.com account (ada@example.com) [0]",
    ],
    ['mailbox_unknown', '550 Requested action not taken: mailbox unavailable'],
    ['mailbox_unknown', '550 5.5.0 Requested action not taken: mailbox unavailable', '5.5.0'],
    ['mailbox_unknown', '511 sorry, no mailbox here by that name (#5.1.1 - chkuser)'],
    ['mailbox_unknown', '550 Empfänger unbekannt'],
    ['mailbox_unknown', '550 5.2.1 mailbox not found', '5.2.1'],
    ['mailbox_unknown', '550 no mailbox ada@example.org'],
    ['sender_refused', '553 sorry, your envelope sender is in my badmailfrom list'],
    ['mailbox_unknown', "550 Adresse d'au moins un destinataire invalide. Utilisateur inconnu"],
    ['mailbox_unknown', '550 El usuario no existe en este servidor'],
    ['mailbox_unknown', '550 пользователь не найден'],
    ['mailbox_unknown', '550 宛先のアドレスが見つかりません'],
    ['mailbox_unknown', '550 收件人不存在'],
    [
      'domain_unknown',
      'Host or domain name not found. Name service error for name=example.net type=A: Host not found',
      '5.4.4',
    ],
    ['domain_unknown', '556 5.1.10 Domain does not accept mail (nullMX)', '5.1.2'],
    ['domain_unknown', 'Unrouteable address', '5.0.0'],
    [
      'domain_unknown',
      "DNS Error: DNS type 'mx' lookup of example.org responded with code NXDOMAIN",
      '5.1.2',
    ],
    [
      'mailbox_unknown',
      "5.1.0 - Unknown address error 550-'#5.1.0 Address rejected ada@example.org' (delivery attempts: 0)",
      '5.0.0',
    ],
    ['mailbox_unknown', '553 that recipient is not in my validrcptto list (#5.7.1)'],
    ['mailbox_unknown', '550 5.2.1 user unknown'],
    ['mailbox_unknown', '550 5.1.1 RCP-P1 http://postmaster.example/response_codes'],
    ['mailbox_unknown', '1;2;3 unable-to-transfer unrecognised-OR-name', '5.1.0'],
    ['mailbox_unknown', '550 No se encontró la dirección de correo que especificó'],
    ['mailbox_unknown', '550 Não foi possível encontrar o endereço'],
    ['mailbox_unknown', '550 Het e-mailadres kan niet worden gevonden'],
    ['mailbox_unknown', '550 Nieznany użytkownik'],
    ['mailbox_unknown', '550 Neznámý uživatel'],
    ['mailbox_unknown', '550 Ukendt modtager'],
    ['mailbox_unknown', '550 Tuntematon vastaanottaja'],
    ['mailbox_unknown', '550 Ismeretlen felhasználó'],
    ['mailbox_unknown', '550 Не удалось найти адрес'],
    ['mailbox_unknown', '550 Unable to locate user'],
    ['mailbox_unknown', '550 this address has been retired'],
    ['mailbox_unknown', '550 Auf dem Server des Empfängers ist die Adresse nicht bekannt'],
    ['mailbox_unknown', '550 Adresa nu există'],
    ['mailbox_unknown', '550 Địa chỉ không tồn tại'],
    ['mailbox_unknown', '550 ada@example.org is no longer an active mailbox'],
    ['mailbox_unknown', '550 Unrecognized recipient'],
    ['mailbox_unknown', '550 Aucun utilisateur de ce nom'],
    ['mailbox_unknown', '550 找不到收件者'],
    ['mailbox_unknown', '550 查无此人'],
    ['mailbox_unknown', '收件人邮件地址（ada@example.org）不存在'],
    ['mailbox_unknown', '550 존재하지 않는 사용자입니다'],
    ['mailbox_moved', '551 5.1.6 the address has been replaced by another', '5.1.6'],
  ],
  'one who may be again': [
    ['unreachable', "550 recipient's mail server is unavailable"],
    ['unclear', '554 customer account for relaying not found'],
    ['unclear', '550 the mail for this user was not taken. The reason is not known'],
    ['in_trouble', '554 /home/ada/.forward: line 1: address syntax invalid'],
    ['unclear', '552 recipient storage not available'],
    ['mailbox_full', '552 Das Postfach von Ada ist überfüllt'],
    ['mailbox_full', '552-5.2.2 The email account that you tried to reach is over quota'],
    ['mailbox_full', '552 Das Postfach ist voll'],
    ['mailbox_full', 'La boîte du destinataire est pleine'],
    ['mailbox_closed', '550 5.2.1 The email account that you tried to reach is disabled', '5.2.1'],
    ['mailbox_closed', '554 delivery error: dd This account has been deactivated'],
    ['mailbox_closed', '550 5.1.1 <ada@example.org> inactive user'],
    ['mailbox_closed', '550 Konto deaktiviert'],
    ['mailbox_closed', '550 5.2.1 The account is suspended', '5.2.1'],
    ['mailbox_closed', '550 5.2.1 This mailbox is temporarily disabled'],
    ['mailbox_closed', '550 account locked: unpaid'],
    ['mailbox_closed', '550 5.2.1', '5.2.1'],
    ['mailbox_full', '552 5.3.1 mailbox is full'],
    ['mailbox_full', '452 4.3.1 user has exceeded his quota'],
    ['mailbox_full', '452 4.2.2 not enough disk space', '4.2.2'],
    ['in_trouble', '452 4.3.1 disk full'],
    ['in_trouble', '452 4.3.1 Insufficient system resources (UsedDiskSpace)'],
    ['in_trouble', '452 Insufficient system storage'],
    ['in_trouble', '452 4.3.1 Insufficient storage space'],
    ['in_trouble', '552 5.3.1 mail system storage exceeded'],
    ['in_trouble', '452 disk full'],
    ['in_trouble', '451 4.3.0 queue file write error: no space left on device'],
    ['in_trouble', '450 4.1.1 <ada@example.org>: Recipient address rejected: unverified address'],
    ['in_trouble', '450 user unknown'],
    [
      'mailbox_full',
      'cannot update mailbox /var/mail/ada for user ada. error writing message: File too large',
    ],
    ['mailbox_full', '550 5.1.1 box full', '5.1.1'],
    ['in_trouble', '550 LDAP lookup failed: user not found temporarily'],
    ['in_trouble', '550 Empfänger vorübergehend nicht erreichbar'],
    ['unclear', '550 Recipient address rejected: by the rule of the day'],
    ['in_trouble', '550 mailbox unavailable: busy'],
    ['in_trouble', '550 Recipient address rejected: unverified address: user unknown'],
    ['in_trouble', '550 directory unavailable, user not found'],
    ['in_trouble', '550 cannot check recipient at the moment, unknown'],
    ['in_trouble', '550 用户暂时不存在'],
    ['in_trouble', '550 5.1.1 internal error', '5.1.1'],
    ['in_trouble', '550 5.1.1 connection timed out', '5.1.1'],
    ['in_trouble', '550 5.1.1 unable to verify address', '5.1.1'],
    [
      'domain_in_trouble',
      "5.1.2 - Bad destination host 'DNS Soft Error looking up example.org (MX)'",
      '5.0.0',
    ],
    ['domain_in_trouble', 'unable to get mx info: failed to get IPs from PTR record'],
    ['domain_in_trouble', 'Host not found, try again', '4.4.3'],
    ['unreachable', 'connect to mx.example.org[192.0.2.1]:25: Connection timed out', '4.4.1'],
    ['unreachable', 'retry timeout exceeded'],
    ['in_trouble', '554 5.3.0 procmail: quit with status 75'],
    ['in_trouble', '550 5.1.1 mail loops', '5.1.1'],
    ['in_trouble', '550 5.1.1 look-up of recipient: timeout', '5.1.1'],
    ['in_trouble', '550 5.1.1 no recipients today, come back tomorrow', '5.1.1'],
    ['in_trouble', '550 5.1.1 recipients cannot be checked', '5.1.1'],
    ['in_trouble', '550 user is moving house, mailbox not available yet'],
    ['unclear', '550 mailbox of the user: index file missing'],
    ['unclear', '550 user needs TLS, which is not available'],
    ['unclear', '550 user ada: unknown error'],
    ['unclear', "550 recipient: the body's type is not known; nothing was found"],
    ['unclear', '550 recipient shows a certificate that is unknown'],
    ['unclear', '550 account: these credentials are wrong'],
    ['unclear', '550 unknown user type'],
    ['unclear', '550 the server has a key that is unknown'],
    ['in_trouble', '550 5.1.1 message expired', '5.1.1'],
    ['in_trouble', '550 5.1.1 too many hops', '5.1.1'],
    ['in_trouble', '550 5.1.1 mailboxes are read-only today', '5.1.1'],
    ['unreachable', '550 Der Server des Empfängers ist derzeit nicht erreichbar'],
    ['unreachable', '550 Serveur du destinataire introuvable'],
    ['unreachable', '550 El servidor del destinatario no existe o no responde'],
    ['unreachable', '550 сервер получателя не найден'],
    ['unreachable', '550 收件人的邮件服务器无法连接,地址错误'],
    ['mailbox_closed', '550 5.1.1 boîte suspendue', '5.1.1'],
    ['mailbox_closed', '550 5.1.1 buzón deshabilitado', '5.1.1'],
    ['mailbox_closed', '550 5.1.1 recipient is on a suppression list', '5.1.1'],
    ['mailbox_closed', '605 not sent to an address that previously bounced', '5.1.1'],
  ],
  'a mail that is not wanted': [
    ['not_wanted', '550 mails are not accepted here from shops'],
    ['content_refused', '550 Письмо похоже на спам'],
    ['not_wanted', '571 Delivery not authorized, message refused'],
    ['not_wanted', '554 Denied [CS] [a1b2] (Mode: normal)'],
    ['not_wanted', '550 5.2.0 Mail rejected. xyz_506'],
    ['reader_refuses', '550 5.1.1 You are not a known member of this list'],
    ['content_refused', '550 Message-ID not valid: address part missing'],
    ['content_refused', '554 5.7.1 This message has been blocked because it contains spam'],
    ['content_refused', '550 5.7.1 Message rejected due to local policy'],
    [
      'content_refused',
      '552 5.7.0 This message was blocked because its content presents a potential security issue',
    ],
    ['too_large', '552 5.3.4 Message size exceeds fixed maximum message size'],
    ['reader_refuses', '550 5.7.1 RESOLVER.RST.NotAuthorized; not authorized', '5.7.1'],
    ['reader_refuses', 'SMTP error after end of DATA: 550 Unknown user ada@docomo.ne.jp'],
    ['content_refused', '550 Message-ID invalid address syntax'],
    ['content_refused', '550 Header syntax: invalid address in To header'],
    ['content_refused', '550 5.1.1 unknown charset in header', '5.1.1'],
    ['content_refused', '552 Illegal Attachment'],
    ['content_refused', '554 DT:SPM 163 smtp9'],
    ['content_refused', '521 5.2.1 : (We will not accept delivery of this message.)'],
    ['content_refused', '541 5.4.1 Mail rejected by destination domain'],
    ['content_refused', '550 Correo rechazado por políticas de seguridad'],
    ['reader_refuses', '550 5.1.1 The recipient does not accept mail from you', '5.1.1'],
    ['reader_refuses', 'Your message was automatically rejected: I do not want it'],
    ['reader_refuses', '550 RCP-P2 http://postmaster.example/response_codes'],
    ['reader_refuses', 'You do not have permission to send to this recipient'],
    ['content_refused', '550 Administrative prohibition - envelope blocked'],
    ['content_refused', '550 5.1.1 this looks like bulk', '5.1.1'],
    ['content_refused', '550 5.1.1 refused: newsletter', '5.1.1'],
    ['content_refused', '550 An diesen Empfänger: ungültige Signatur'],
    ['content_refused', '550 Destinataire: en-tête non valide'],
    ['content_refused', '550 Para este destinatario, el adjunto es inválido'],
    ['content_refused', '550 Per questo destinatario: allegato non valido'],
    ['content_refused', '550 Письмо получателю: недопустимый формат'],
    ['reader_refuses', '550 5.1.1 Empfänger lehnt ab', '5.1.1'],
    ['reader_refuses', '550 5.1.1 this is unwanted', '5.1.1'],
    ['reader_refuses', '550 5.1.1 that mailbox is restricted', '5.1.1'],
    ['reader_refuses', '550 mailbox for internal mail only, not available to you'],
    ['content_refused', '550 5.1.1 the next server rejected your mail', '5.1.1'],
    ['unclear', '550 recipient wants an attachment, which is missing'],
    ['content_refused', '550 the recipient has a forbidden file, which has been deleted'],
    ['reader_refuses', '550 5.1.1 user is not permitted to receive this', '5.1.1'],
    ['reader_refuses', '550 5.1.1 returned by organisational settings', '5.1.1'],
    ['unclear', '550 the mailbox does not accept messages in this language'],
  ],
  'our account, our domain and our limits at a provider': [
    ['sender_refused', '554 Sending suspended for this account, see your inbox'],
    ['sender_refused', '550 5.7.1 Sending is blocked on this account'],
    ['sender_refused', '502 5.7.0 Your SMTP account is not active yet'],
    ['sender_refused', '450 4.7.0 Your account is pending approval'],
    ['sender_refused', '550 5.7.1 Unconfigured sending domain <papers.example>'],
    ['sender_refused', '421 Domain mg.papers.example is not allowed to send: it has no DNS records'],
    ['mailbox_closed', '550 the account of the recipient is suspended'],
    ['provider_limit', '550 The account has reached its daily e-mail limit of 200'],
    ['provider_limit', '550 Monthly quota has been reached'],
    ['provider_limit', '454 There are no more credits'],
    ['provider_limit', '550 5.7.1 The limit on outgoing messages is exceeded'],
    ['provider_limit', '550 Versandlimit erreicht'],
    ['provider_limit', "550 Quota d'envoi dépassé"],
    ['provider_limit', '550 Límite de envío superado'],
    ['provider_limit', '550 Przekroczono limit wysyłanych wiadomości'],
    ['provider_limit', '550 Превышен лимит на отправку'],
    ['provider_limit', '550 发送数量超过上限'],
    ['mailbox_full', '550 Quota of the mailbox is exceeded'],
    ['relay_refused', '550 Delivery is not allowed to this address.'],
    ['relay_refused', '550 Weiterleiten nicht gestattet'],
    ['host_refused', '550 5.7.1 We do not allow mail from your IP'],
    ['host_refused', '554 5.7.1 Correct your HELO, or have it taken off the DNSBLs'],
    ['host_refused', '421 Intrusion prevention is active'],
    ['provider_limit', '550 5.1.1 Recipient limit of your account is reached', '5.1.1'],
    ['provider_limit', '550 account rate exceeded'],
    ['provider_limit', '552 5.2.2 Sender quota exceeded', '5.2.2'],
    ['provider_limit', '550 5.7.705 Access denied, the threshold is exceeded', '5.7.705'],
    ['sender_refused', '550 5.7.750 Access denied', '5.7.750'],
    ['host_refused', '550 5.7.708 Access denied', '5.7.708'],
    ['authentication', '550 5.7.515 Access denied', '5.7.515'],
    ['connection_limit', '550 5.2.122 The recipient has exceeded what may be received an hour', '5.2.122'],
    ['mailbox_full', '550 The user has exceeded their quota and can receive nothing'],
    ['connection_limit', '451 4.7.1 Concurrent transactions from your IP exceeded'],
    ['sender_refused', '550 Die Absendedomain ist nicht bekannt'],
    ['host_refused', '550 5.1.1 Host 192.0.2.9 is not known to us', '5.1.1'],
    ['host_refused', '553 no valid client certificate'],
    ['host_refused', '550 Ihr Mailserver ist hier unbekannt'],
    ['host_refused', "550 Votre serveur n'est pas connu"],
    ['host_refused', '550 Ваш сервер неизвестен'],
    ['host_refused', '550 发件服务器不存在'],
    ['host_refused', '550 De afzendende server is onbekend'],
    ['mailbox_unknown', '550 El usuario no existe en su servidor'],
    ['greylisted', '450 4.7.1 Bitte später erneut versuchen (graue Liste)'],
    ['greylisted', '451 Adresse mise en liste grise'],
  ],
  'words that are nearly those of something else': [
    ['mailbox_full', '550 The user has too many messages on the server'],
    ['mailbox_full', '552 Postkassen er fuld'],
    ['mailbox_full', '552 Lo spazio della casella è esaurito'],
    ['mailbox_closed', '550 5.5.0 This is an archived recipient'],
    ['mailbox_unknown', "554 the recipient dosn't exist"],
    [
      'mailbox_unknown',
      '550-The mail server could not deliver mail to ada@example.org. The account or domain may not exist, they may be blacklisted, or missing the proper dns entries.',
    ],
    ['reader_refuses', '550 The mail was rejected by recipients'],
    ['unclear', '550 Something was rejected by recipient server rules'],
    ['content_refused', '554 mail server permanently rejected message (#5.3.0)'],
    ['content_refused', '554 5.2.0 refused because of its content'],
    ['content_refused', '550 the maximum line length is 998 octets'],
    ['content_refused', '554 5.3.0 this server has no 8BITMIME'],
    ['in_trouble', '503 5.5.1 RCPT first'],
    ['in_trouble', '503 bad sequence of commands'],
    ['login_refused', '503 This server requires authentication'],
  ],
};

describe.each(Object.entries(cases))('%s', (_, rows) => {
  test.each(rows)('%s: %s', (cause, words, status) => {
    const { kind } = refusalCauses[cause];
    expect(judgeRefusal({ words, status: status ?? null })).toMatchObject({ cause, kind });
  });
});

test('what was refused before the reader was named never is about the reader', () => {
  for (const stage of ['connection', 'sender'] as const)
    expect(judgeRefusal({ words: '550 5.1.1 no such user here', stage }).kind).toBe('policy');
  expect(judgeRefusal({ words: '550 5.1.1 no such user here', stage: 'recipient' }).kind).toBe('hard');
});

test('what is refused in words that tell nothing once the mail was seen is the mail', () => {
  const words = '554 Transaction failed';
  expect(judgeRefusal({ words, stage: 'content' }).kind).toBe('policy');
  expect(judgeRefusal({ words, stage: 'recipient' }).kind).toBe('soft');
  expect(judgeRefusal({ words: '554 Transaction failed, try again later', stage: 'content' }).kind).toBe(
    'soft',
  );
});

test('an unknown address of ours is not the reader', () => {
  const words = '550 5.1.1 <digest@papers.example>: user unknown';
  expect(judgeRefusal({ words, senderDomain: 'papers.example' }).cause).toBe('sender_refused');
  expect(judgeRefusal({ words, senderDomain: 'example.org' }).cause).toBe('mailbox_unknown');
});

test('nor is our domain, where it is named alone', () => {
  const judge = (words: string) => judgeRefusal({ words, senderDomain: 'papers.example' }).cause;
  expect(judge('550 Papers.Example does not exist, host not found')).toBe('sender_refused');
  expect(judge('550 papers.example has no mail exchanger')).toBe('sender_refused');
  expect(judge('550 User unknown, relay=mail.papers.example')).toBe('mailbox_unknown');
  expect(judge('550 not-papers.example does not exist, host not found')).toBe('domain_unknown');
});

test('names of hosts and people are no words of the refusal', () => {
  for (const words of [
    '550 5.1.1 <spam-quota@example.org>: user unknown',
    'host relay.spam.example[192.0.2.1] said: 550 5.1.1 user unknown (in reply to RCPT TO command)',
  ])
    expect(judgeRefusal({ words }).cause).toBe('mailbox_unknown');
});

test('what may pass is never hard, whoever says it', () => {
  for (const words of ['450 no such user here', '421 5.1.1 no such user', '550 4.1.1 no such user'])
    expect(judgeRefusal({ words })).toMatchObject({ kind: 'soft', isTemporary: true });
  expect(judgeRefusal({ words: '550 no such user', status: '4.4.7' }).kind).toBe('soft');
  expect(judgeRefusal({ words: '550 no such user here' }).isTemporary).toBe(false);
});

describe('where the server was told who the mail is from and for', () => {
  const envelope = { from: 'digest@papers.example', to: 'ada@example.org' };
  const judgeBetween = (words: string, between: Partial<typeof envelope> = {}) =>
    judgeRefusal({ words, stage: 'recipient', envelope: { ...envelope, ...between } }).cause;

  test.each([
    ['550 5.1.1 <digest@papers.example>: User unknown'],
    ['550 no such user digest@papers.example.'],
    ['550 5.1.1 The email account does not exist: DIGEST@PAPERS.EXAMPLE'],
    ['550 <bounce+12@papers.example> does not exist'],
    ['550 As far as we know, the domain papers.example does not exist'],
    ['550 5.1.2 Host unknown: papers.example'],
  ])('%s is about us', (words) => {
    expect(judgeBetween(words)).toBe('sender_refused');
  });

  test.each([
    ['550 5.1.1 <ada@example.org>: User unknown'],
    ['550 User unknown'],
    ['550 5.1.1 <ada.lovelace@inner.example>: User unknown'],
    ['550 From digest@papers.example to ada@example.org: no such user'],
  ])('%s is about the reader', (words) => {
    expect(judgeBetween(words)).toBe('mailbox_unknown');
  });

  test('a reader in our own house is told from us by the whole address', () => {
    const to = 'ada@papers.example';
    expect(judgeBetween('550 5.1.1 <ada@papers.example>: User unknown', { to })).toBe('mailbox_unknown');
    expect(judgeBetween('550 5.1.1 <a.lovelace@papers.example>: User unknown', { to })).toBe(
      'mailbox_unknown',
    );
    expect(judgeBetween('550 5.1.1 <digest@papers.example>: User unknown', { to })).toBe('sender_refused');
    expect(judgeBetween('550 5.1.1 <ada@papers.example>: User unknown', { from: to, to })).toBe(
      'mailbox_unknown',
    );
  });

  test('what says nothing of a mailbox stays what it is', () => {
    expect(judgeBetween('550 5.7.1 <digest@papers.example>: message looks like spam')).toBe(
      'content_refused',
    );
    expect(judgeBetween('452 4.2.2 <ada@example.org> mailbox full')).toBe('mailbox_full');
  });
});
