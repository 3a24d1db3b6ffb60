// What mail servers say when they do not take a mail, as a table: cause, and the phrases that tell it. The first that fits
// counts, so what speaks of our side stands before what speaks of the reader: a refused sender often is "unknown" too.
// `@` stands for any address: those are taken out before, since they are made of words of their own.
import type { RefusalCause } from '../ledger/outcome-codes.ts';

export type RefusalWords = {
  cause: RefusalCause;
  /**
   * `plain`: whatever the status code says. `vague`: unless the code says something else about it, since the same words
   * are used for many things.
   */
  sense: 'plain' | 'vague';
  phrases: readonly RegExp[];
};

export const refusalWords: readonly RefusalWords[] = [
  {
    cause: 'sender_refused',
    sense: 'plain',
    phrases: [
      /\bsender(?:'s)?(?: \w+)? verif|\b(?:verification|callout|call-?back)(?: \w+)? failed (?:for|to)\b|callout verification fail/i,
      // "Returned to sender: user unknown" speaks of somebody else.
      /(?<!\bto )(?<!\bto the )(?<!\byour )\b(?:sender|originator)(?:'s)?(?: e-?mail| envelope)?(?: address| domain| name)?(?: @| \S{1,60})?:?(?: user)?(?: is| was| has been)? (?:rejected|refused|denied|invalid|unknown|not|blocked|blacklisted|malformed|forged|does|must|could|cannot)\b/i,
      /\b(?:unrout|unroute|unresolv|unverifi|unauthori[sz]|unknown|invalid|bad|illegal|forged|rejected|refused|blocked|null|empty)\w* (?:envelope |outbound )?(?:sender|return[- ]path|mail from)|\baddress of (?:the )?sender\b/i,
      /\byour (?:e-?mail )?address (?:is|was|has|does)\b.{0,30}\b(?:unknown|invalid|not|reject|block)|\b(?:return[- ]path|repl(?:y|y-to) address|bounce address|envelope[- ]from)\b.{0,40}\b(?:not|invalid|unknown|reject)|\b(?:invalid|no valid|unknown) (?:envelope[- ])?from\b|\bnot one of our senders|\b(?:allowed|permitted|outside|external|approved) senders?\b|\b(?:user|recipient) as sender\b|\b(?:unknown|invalid|no such) (?:user|address|account) in (?:the )?from\b|\bsender check\b/i,
      /\b(?:envelope|return|mail from|from|sending|originating|originator|client|source)(?:'s)? (?:domain|host ?name|host|site)\b.{0,40}\b(?:not|no|unknown|invalid|missing)\b/i,
      /\b(?:(?:the|header|envelope) from(?: address)?|sender'?s? mail ?box|return address|your sender)\b.{0,40}\b(?:not|invalid|unavailable|unknown|does|reject)/i,
      /\bdomain of (?:the )?sender|\b(?:no|invalid|missing|valid) (?:valid )?(?:mx|a|dns)\b.{0,20} sender|\binvalid dns\b|\b(?:your|sender) domain\b.{0,60}\b(?:has|have) no\b|\bsender.{0,20}\bdomain.{0,30}\b(?:not|invalid|unknown|nxdomain)|\bdomain may not exist or dns check failed|\byour (?:e-?mail |mail |sending )?domain(?: name)?\b.{0,30}\b(?:not|unknown|invalid|nxdomain)\b|\bdomain you (?:send|are sending) from\b|\bsenders? is (?:a )?spammer|\bsender's (?:mail )?(?:server|host)|\b(?:look[ -]?up|verification|check) (?:for|of) (?:(?:the )?sender|your (?:sender|domain|e-?mail|address))/i,
      /\b(?:mail|envelope|address in) from\b(?! \[?\d):?(?: @| command| address)?:? .{0,20}\b(?:rejected|refused|denied|invalid|not|does not exist)\b/i,
      /\bfrom: (?:domain|address) is invalid|\bfrom address .{0,40}\bnot (?:verified|allowed|permitted)/i,
      /\bsend-?as-?denied|\bsend (?:as|on behalf of) (?:this|the|that) (?:sender|user|mailbox)|\bnot (?:owned|allowed to be used) by (?:the )?(?:user|authenticated)/i,
      /\bnot verified\b.{0,80}\b(?:identit|region|sender)|\b(?:e-?mail )?(?:address|identit(?:y|ies)|domain) (?:is|are|was)?\s?not verified|identit(?:y|ies) failed the check/i,
      /\bsandbox\b|\bbadmailfrom\b/i,
      // Our account with the provider, or our domain there.
      /\bsending (?:e-?mails? )?(?:is |was |has been )?(?:suspended|blocked|paused|disabled|stopped) (?:for|on|by|from) (?:this|your|the) account|\byour (?:\w+ )?account (?:is|was|has been)\b.{0,30}\b(?:pending|suspended|disabled|blocked|locked|paused|under review|not )|\baccount is (?:not in good standing|pending approval|under review)|\b(?:unconfigured|unverified|unconfirmed) (?:sending |sender )?domain\b|\bdomain is unverified\b|\bnot allowed to send(?: mail| e-?mails?| messages?)?\s*(?:[:.,;]|$)|\bsender call-?out\b|\b(?:(?:unknown|no such|invalid) (?:host|domain)|(?:host|domain)(?: name)? (?:unknown|not found|invalid))\W{1,4}sender domain\b|\babsende-?\w*(?:domäne|domain)/i,
      /\b(?:adresse|serveur) .{0,20}(?:émett|emett|expéditeur)\w*.{0,30}(?:invalide|refus|inconnu|inexist|n.existe)|(?:emetteur|émetteur|expediteur|expéditeur) (?:invalide|refus|inconnu)/i,
      /\babsender\w*.{0,40}(?:abgelehnt|ungültig|gesperrt|unbekannt|existiert nicht|nicht (?:erlaubt|zulässig|verifiziert|gefunden))|\b(?:ungültige|unbekannte)r? absender/i,
      /\b(?:remitente|remetente|mittente|afzender|nadawc[ay]|odesílatele?|avsändarens?|afsenders?|avsenders?)\b.{0,40}\b(?:rechaz|inv[aá]lid|desco[nñ]|desconhecid|rejeitad|rifiutat|sconosciut|geweigerd|onbekend|nieznany|odrzucon|odmítnut|neexistuje|neznám|okänd|ukendt|ukjent|ongeldig|no |non |n[aã]o |nie |niet |finns inte|findes ikke|finnes ikke)/i,
      /\b(?:nieznany|nieprawidłowy|onbekend|ongeldig|neznámá|neplatná|okänd|ukendt|ukjent) (?:e-?mail-?)?adres\S{0,3} (?:van (?:de )?)?(?:nadawcy|afzender|odesílatel|avsändar|afsender|avsender)/i,
      /(?:gönder(?:en|ici)|αποστολέα|feladó)[^.]{0,40}(?:bulunamadı|mevcut değil|geçersiz|yok|δεν|άγνωστ|ismeretlen|nem )/i,
      /отправител[^\s.]{0,3}[^.]{0,30} (?:отклон|не|заблокирован)|(?:发件人|發件人|发信人|发[信件]地址|寄件者|寄件人|送信者|送信元|差出人)[^。]{0,20}(?:不存在|存在し|見つか|拒|被|无效|無効|不明)|(?:발신자|보낸 사람)[^.]{0,20}(?:없|존재하지|거부)/i,
      // "Your address is unknown."
      /(?<!\p{L})(?:ihre|votre|su|vuestra|tu|seu|sua|tuo|suo|vostro|uw|je|twój|pański) (?:e-?mail-? ?)?(?:adres(?:se)?|domaine?|direcci[oó]n|dominio|endereço|domínio|indirizzo|domein)(?!\p{L})[^.]{0,40}(?:unbekannt|nicht|gesperrt|inconnu|n.est|refus|bloqu|desco[nñ]|desconhecid|sconosciut|bloccat|onbekend|geblokkeerd|nieznan|zablokowan| (?:no|não|non|niet|nie) )|(?<!\p{L})ваш\S{0,3} (?:адрес|домен)[^.]{0,40}(?: не |неизвест|заблокирован)|(?:您|你)的?(?:邮箱|郵箱)?(?:地址|域名)[^。]{0,20}(?:不|拒|无法|無法)|보내는 사람[^.]{0,20}(?:없|않|거부)/iu,
      /\bno (?:mx|a|dns)\b.{0,20}\byour\b|\byour (?:mail )?(?:server|host)(?:'s)? domain\b/i,
      /\bMI:(?:SPB|IMF|SPF|DMA)\b/,
    ],
  },
  {
    cause: 'relay_refused',
    sense: 'plain',
    phrases: [
      /\brelay(?:ing)?\b.{0,60}\b(?:denied|not (?:permitted|allowed|authorized|accepted)|prohibited|refused|disabled|rejected|forbidden|not configured)\b/i,
      /\b(?:unable|refus\w+|cannot|not allowed|not permitted|not configured|not authorized|won.t|don.t|do not|does not|no)(?: to)? (?:act as an? |open )?relay/i,
      /\brcpthosts\b|\bas a relay\b|\bnot an open relay|\b(?:not|no) relaying\b|\binsecure mail relay|\brequested action not taken: local user only|\bdelivery is not allowed to this address\b|\bweiterleit(?:ung|en) (?:ist )?(?:nicht (?:erlaubt|gestattet|zulässig)|verweigert)|\brelais (?:refus|interdit|non autoris)/i,
    ],
  },
  {
    cause: 'login_refused',
    sense: 'plain',
    phrases: [
      /\bauthentication (?:is )?(?:required|turned on|needed|failed|failure|unsuccessful|credentials|necessary)|\b(?:must|please|should) (?:first )?(?:be authenticated|authenticate|log ?in|issue a starttls)|\bauthenticate first\b|\byou (?:are not|must be) an? (?:known|valid|registered|authori[sz]ed|local) (?:user|customer|sender)/i,
      /\b(?:smtp[- ]?auth|client was not authenticated|not logged in(?! for)|requires authentication)|\bauthenti(?:fication|fizierung|cación|cação|cazione) (?:invalide|requise|erforderlich|fehlgeschlagen|requerida|necess)/i,
      /\bnot authorized to (?:perform ses|send|use this)|\baccount not subscribed to ses\b/i,
    ],
  },
  {
    cause: 'authentication',
    sense: 'plain',
    phrases: [
      /\b(?:spf|dkim|dmarc)\b|\bsender policy framework|\bspoof/i,
      /\bunauthenticated\b|\bauthentication (?:information|checks?|results?)\b|\bwas not authenticated|\bnot authenticated\b|\bnot allowed to send (?:mail )?(?:from|for)/i,
    ],
  },
  {
    // One reader gets too many mails, of whomever.
    cause: 'connection_limit',
    sense: 'plain',
    phrases: [
      /\b(?:recipient|user|mail ?box)\b.{0,30}\bexceed\w* .{0,60}\breceived? (?:an?|per|each|every) (?:hour|day|minute)\b/i,
    ],
  },
  {
    cause: 'provider_limit',
    sense: 'plain',
    phrases: [
      /\b(?:daily|hourly|user|account)(?: user| smtp| relay)? (?:sending|submission|relay|message|mail|send|outbound)\b.{0,20}\b(?:quota|limit)|\bsubmission ?quota|\b(?:outgoing|sending|outbound) (?:\w+ )?(?:quota|suspension|limit)|\bsending rate|\bmaximum credits/i,
      /\b(?:daily|hourly|weekly|monthly) (?:e-?mail |message )?(?:quota|limit)\b|\b(?:no more|out of|not enough|insufficient) credits\b|\bsender(?:'s)? (?:\w+ )?quota\b|\btenant has exceeded\b|\byour account\b.{0,30}\b(?:limit|quota|exceed)|\b(?:limit|quota) of your account\b|\b(?:user|account|sender) rate (?:limit )?exceeded|\bnot (?:able|allowed|permitted) to send more\b|\boutgoing (?:e-?mails?|mails?|messages?)\b.{0,20}\b(?:exceed|limit)|\b(?:versand|sende)-?(?:limit|kontingent)|\b(?:quota|limite) d.(?:envoi|invio)\b|\bl[ií]mite (?:diari[oa] )?(?:de|di) (?:env[ií]os?|invio)\b|\blimit\w* (?:wysyłan|wysyłk|odeslan|odesílan)|лимит\S* (?:на )?отправ|(?:发送|發送|发信|送信)(?:数量|數量|数|量)?(?:超|达到|達到|已达|上限|制限)/iu,
      /\b(?:too many|exceed\w*|max(?:imum)?|limit|more than)\b.{0,60}\b(?:per|this|an|each|every|the last|in one|a) (?:hour|day|minute|second|24)/i,
      /\btoo many (?:recipients|messages|mails|emails) (?:sent|from|received)\b|\bhas sent (?:to )?too many/i,
    ],
  },
  {
    cause: 'connection_limit',
    sense: 'plain',
    phrases: [
      /\bthrottl|\bsending speed|\brate[- ]?limit|\b(?:connection|message|mail|sending)s? rate\b|\btry again slower|\bslow(?:ing)? down\b|\bdue to unexpected volume/i,
      /\b(?:concurrent|simultaneous) (?:connections?|sessions?|transactions?)\b.{0,20}\b(?:limit|exceed)|\b(?:sender )?thread limit|\btoo many (?:\w+ )?(?:connections?|concurrent|sessions?|errors|recipients|invalid recipients|messages(?! on the server)|bad commands|simultaneous)|\btoo (?:fast|quickly|frequent)|\bconnection limit|\bexceed\w* .{0,30}\bconnections/i,
      /\btoo many (?:[\w-]+ ){0,2}(?:users|rcpts?|addresses)\b|\btoo much (?:e-?mail|mail(?! data)|traffic)\b|\bmaximum (?:number|count) of (?:\w+ )?(?:recipients|users|addresses)\b|\bno more recipients\b|\bfrequency limited|\b(?:MI|RP):(?:CEL|DMC|CCL|SFQ|STC|DRC|QRC|RCL|TRC)\b/i,
      /\breceiving mail (?:at a rate|too quickly)|\btrop de (?:connexions|messages|destinataires)|\bzu viele (?:verbindungen|empfänger|nachrichten|e-?mails)|\bdemasiad[oa]s (?:conexiones|mensajes|destinatarios)/i,
    ],
  },
  {
    cause: 'greylisted',
    sense: 'plain',
    phrases: [
      /\bgr[ea]y-?list/i,
      /\bfirst (?:time|contact).{0,60}\btry (?:again )?later/i,
      /\bgraue liste|\bliste grise|\blista (?:gris|grigia|cinza)\b|\bszara lista|сер(?:ый|ые|ом|ого) спис|灰名单|灰名單|グレーリスト/iu,
    ],
  },
  {
    cause: 'host_refused',
    sense: 'plain',
    phrases: [
      /\b(?:black|block|deny|drop)[- ]?(?:list|listed|lists)\b|\b(?:rbl|rbls|dnsbls?|uribl|surbl|dnsrbl|attrbl|ipbl)\b/i,
      /\b(?:spamhaus|spamcop|barracudacentral|sorbs|abuseat|uceprotect|senderbase|senderscore|invaluement|mailspike|cloudmark|dsbl|njabl|backscatterer|spamrats|mailshell|trustedsource|ironport)\b/i,
      /\breputation|\b(?:user|spam|too many) complaints\b|\bbad neighbou?rhood/i,
      /\b(?:your|sending|sender|source|client|connecting) (?:\w+ )?(?:ips?|hosts?|servers?|networks?|domain|mail ?server|mta)\b.{0,80}\b(?:block|bann|refus|reject|denied|listed|not (?:allowed|permitted|welcome|authorized|accept)|suspicious|bad|poor|requires)/i,
      /\bips?(?: address(?:es)?)?\b.{0,50}\b(?:block|bann|blacklist|refus|reject|denied|listed|not (?:allowed|permitted|welcome|authorized|accept)|temporarily|restricted|lookup)/i,
      /\b(?:block|bann|refus|reject|denied|not accept)\w*\b.{0,50}\b(?:your|sending|client|source|this|dynamic) (?:ips?|ip address|host|server|network|domain)\b/i,
      /\b(?:mail|messages?|connections?|access|e-?mails?) from \[?(?:\d{1,3}\.){3}\d{1,3}\]?.{0,80}\b(?:block|refus|reject|denied|deferred|not (?:allowed|accepted|welcome)|(?:were|was)(?: not|n.t) (?:sent|accepted|delivered))|^\d{3}[ -](?:[45]\.\d\.\d{1,3} )?ip ?= ?\[?\d/i,
      /\bclient host\b.{0,40}\b(?:block|reject|refus)|\bpart of their network is on|\bblocked using\b|\baccess from ip|\bnot allowed to connect|\bgo away\b/i,
      /(?<!\bips from )\bptr\b|\br(?:everse )?-?dns\b|\breverse lookup|\bresolve your|\byour (?:host ?name|address).{0,20}\bresolv|\byour host ?name\b.{0,30}\b(?:found|unknown|invalid)|\b(?:unknown|invalid) client\b|\bclient host ?name|\bdynamic(?:ally)?[ -](?:ip|assigned|host)|\bopen (?:relay|proxy)\b|\bdynamic\/zombied/i,
      /\b(?:helo|ehlo)\b.{0,40}\b(?:reject|refus|invalid|not|must|need|denied|bad|unknown)|\b(?:host ?name|host|domain|name|argument)\b.{0,20}\b(?:in|for|to|of) (?:your )?(?:helo|ehlo)\b|\bmy name was rejected|\binvalid (?:helo|ehlo|domain name)|\bfully[- ]qualified (?:host ?name|domain)/i,
      /\bunusual rate of|\bno access from mail server|\brefused to talk to me\b.{0,60}\b(?:5\d\d|block|reject)|\bconnections? (?:not|will not be) accepted/i,
      /\bip-?adresse?\b.{0,40}(?:gesperrt|blockiert|geblokkeerd|abgelehnt)|\badresse ip\b.{0,40}(?:bloqu|refus)|\bip\b.{0,30}(?:\bbloquead|\bbloccat|заблокирован|zablokowan)|\b(?:endereço|indirizzo|direcci[oó]n|adres(?:se)?) ip\b.{0,40}\b(?:não|non|no|nie|niet|n.est|desconhecid|desconocid|sconosciut|inconnu|onbekend)|\bip-?adresse?\b.{0,40}\b(?:nicht|niet|unbekannt|onbekend)|(?:您|你)的? ?ip/i,
      /\b(?:ip address|host you connect from|your (?:mail )?(?:server|host)(?:'s)?|domain of your (?:mail )?server|your mx \S{1,80})\b.{0,30}\b(?:unknown|nxdomain|not found|does not exist)\b|\blook(?:ed)?[ -]?up (?:of )?\[?\d{1,3}\.\d{1,3}\..{0,20}\bnxdomain\b/i,
      /\bunusual (?:sending )?activity|\b(?:from )?your country\b|\bcountry not allowed|\bunknown (?:host|client)\b.{0,60}\bconnect|(?<!\bunknown )\bhost ?name\b(?!@).{0,20}\b(?:does not match|mismatch|(?:is )?invalid)\b|\bconnection denied\b|\bbounce attacks?\b|\bharvest|\bno reverse\b|\bfrom an? dynamic\b|\breverse zone\b|\bsender score\b|\bsending ip\b|\b(?:from your network|traffic from your|your mta)\b|\bdictionary attack|\bhoney ?pot|\bpipelining\b|\byour access to\b|\battack detected|\bintrusion\b|\bnot (?:allow|accept) (?:any )?(?:e-?mails?|messages?|connections?|mail) from (?:your|this) (?:ip|host|server|network|domain)\b|\byour mx\b/i,
      /\b(?:server|host|client) \[?(?:\d{1,3}\.){3}\d{1,3}\]?.{0,40}\b(?:unknown|not (?:known|found|listed|registered))\b|\bcertificate\b.{0,20}\b(?:your|for your) client\b|\bclient certificate\b/i,
      // "Your server is unknown."
      /(?<!\p{L})(?:ihr|votre|su|seu|tuo|vostro|uw|je|twój|państwa) (?:e?-?mail-?)?(?:mailserver|server|serveur|servidor|serwer)(?!\p{L})[^.]{0,40}(?:nicht|unbekannt|gesperrt|n.est|inconnu|bloqu|refus|desconhecid|desconocid|sconosciut|bloccat|onbekend|geblokkeerd|nieznan|zablokowan| (?:no|não|non|niet|nie) )|(?<!\p{L})ваш\S{0,3} сервер[^.]{0,40}(?: не |неизвест|заблокирован)|(?:发件|發件|发信|寄件)(?:服务器|伺服器)|\bafzendende (?:mail)?server\b/iu,
      /\bip\S{0,2} [^.]{0,20}ч[её]рн\S+ списк|\bip(?:地址)?[^。]{0,10}(?:拒绝|拒絕|黑名单|黑名單|封)/i,
      // Codes of NetEase, and of AOL.
      /\b(?:HL:[A-Z]{3}|DT:RBL|WM:BL[IU]|MI:NHD|RTR:BL)\b|\((?:RTR|RLY|CON|DNS|DYN|ISP|RBL):[A-Z]{1,2}\d?\)/,
    ],
  },
  {
    cause: 'reader_refuses',
    sense: 'plain',
    phrases: [
      /\bblocked by (?:the )?(?:recipient|user|addressee)|\b(?:recipient|user|addressee)(?:'s)? (?:preferences|rules|filter|block(?:ed)? list)|\b(?:user|recipient) (?:id )?(?:rejects?|refused?s?)\b|\b(?:rejected|refused|denied) by (?:the )?(?:recipients?|addressees?)\b(?!'s? | (?:server|domain|host|mail|system|gateway|site|side|policy))|\brefus\w+ to (?:receive|accept) (?:this |your )?(?:mail|message|e-?mail)/i,
      /\bonly accept(?:s|ing)? (?:mail|messages|e-?mail) from|\baccount is protected by|\b(?:is not accepting|do(?:es)?(?: not|n.t) accept|only accepts?) (?:any )?(?:e-?mails?|mails?|messages?) from|\bmembers? only\b|\bdoes not want (?:your )?mail|\bonly receives mail from|\bwhitelist\b|\bopted[- ]out\b|\bhas unsubscribed|\brestricted sms/i,
      /\b(?:closed|moderated|private|members?[- ]only|subscribers?[- ]only|non-member)\b.{0,40}\b(?:list|group|post|non-member)|\bnot (?:subscribed|an? (?:\w+ )?(?:member|subscriber))|\b(?:removed|deleted|unsubscribed) from (?:our|the|this|my) (?:\w+ )?list\b|\bhas left the (?:\w+ )?list\b|\bpermission to (?:post|submit)|\bnot (?:allowed|permitted|authori[sz]ed) to receive\b|\borgani[sz]ational settings\b|\b(?:not |un)wanted\b|\b(?:is|are|delivery) restricted\b|\b(?:for|from) (?:the )?(?:internal|outside)\b|\bempfänger (?:hat sie|lehnt|nimmt)\b|\bnot (?:allowed|permitted|authori[sz]ed) to (?:post|submit|send (?:e-?mail |messages? |mail )?to)|\bresolver\.rst\.|\bpermission to send to\b|\bapproval\.rejected\b|\brcp-p[23]\b/i,
      /\bpending moderation|\bawaits? moderator|\bconfirm (?:that )?you(?:r| are)|\bchallenge[- ]response/i,
    ],
  },
  {
    cause: 'content_refused',
    sense: 'plain',
    phrases: [
      /\bspam(?:my|ming|mer|mers|assassin|-like|s)?\b|\bunsolicited|\bbulk\b|\bmass mail|\bjunk\b|\bube\b|\buce\b/i,
      /\bvirus|\bmalware|\bphish|\binfected|\btrojan/i,
      /\b(?:message|mail|e-?mail|content|attachment|url|link)s?\b.{0,30}\b(?:content )?(?:blocked|filtered|quarantined|prohibited|forbidden|banned|unacceptable|suspicious|denied)\b/i,
      /\b(?:attachment|url|link)s? (?:type )?(?:is |are |was )?not (?:allowed|permitted|accepted)|\b(?:invalid|illegal) (?:attachment|url|link|characters?\b.{0,40}\bheader)|\bwill not accept delivery of this message|\bbecause of (?:its|the|your) contents?\b|\bpermanently rejected (?:the |this |your )?message\b|\bline length\b|\blines? (?:is |are )?(?:too long|longer than)\b|\b8bitmime\b|^571 .{0,20}\brefused\b|\bcontents? (?:was |were )?rejected|\brejected (?:the |this |your )?(?:message|mail)\W*$|\brejected by content|\brejected by (?:destination|recipient) domain|\bdt:s[pu]m\b|\(hvu:\w{2}\)|\bpol-[pt]\d/i,
      /\b(?:from|to|cc|sender|reply-to|message-id|date|subject)(?: address)?:? headers?\b|\bheaders?\b.{0,40}\b(?:invalid|malformed|missing|syntax|illegal)|\b(?:invalid|malformed|missing|duplicate|bad|illegal)\b.{0,30}(?:\bheader|\bmessage-id\b|\breply-to\b|\bfrom:)|\bmessage-id (?:is )?(?:invalid|not valid|missing|malformed)|\bsmtputf8\b|\bcharset\b/i,
      // Of its form: an attachment, a header or a format that is not valid.
      /\b(?:anhang|format|kopfzeile|signatur|pièce jointe|en-tête|certificat\S*(?: tls)?|formato|adjunto|encabezado|anexo|cabeçalho|allegato|intestazione|bijlage|formaat|załącznik|nagłówek)\b.{0,20}(?:ungültig|invalid|inv[áa]lid|incorrect|non valid|ongeldig|nieprawidłow)|(?:ungültige?[nrs]?|ongeldig|nieprawidłowy) (?:anhang|format|kopfzeile|signatur|bijlage|formaat|załącznik|nagłówek)|(?:неверн|недопустим)\S* (?:заголов|вложени|формат)|(?:添付|附件|邮件内容|ヘッダ)[^。]{0,10}(?:無効|错误|无效|不正)/iu,
      /\b(?:unacceptable|banned|prohibited|forbidden|suspicious) (?:content|attachment|message|mail|file)|\bcontent (?:filter|reject|denied|scan|policy)|\bdata content\b/i,
      /\bblocked\b|\babus(?:e|ive)\b|\bsecurity polic|\b(?:for|of|by|per|local|our|site|domain|administrative|due to) (?:\w+ )?polic(?:y|ies)\b|\bpolic(?:y|ies) (?:reason|violation|restriction|reject|reason)|\badministrative(?:ly)? (?:prohibit|denied|reject)|\bnot accepted for policy/i,
      /\b(?:rfc ?-?(?:2822|5322|822|5321)|bare (?:lf|cr|line ?feed)|duplicate header|header error|protocol violation|malformed (?:mime|header|message))/i,
      /\bspamverdacht|\bpourriel|\bcorreo (?:no deseado|basura)|спам|スパム|迷惑メール|垃圾|\bnevyžádan|\bposta indesiderata|\bpol[ií]ticas?\b|\bpolitique\b|\brichtlinie|\bcontenuto non ammesso|\binhalt unzulässig|\b(?:no|rejected|refused):? newsletters?\b|\bcourrier indésirable|(?:内容|內容)[^。]{0,6}(?:拒|违规|違規|过滤|過濾)/i,
    ],
  },
  {
    // The reader's own rules, or the server's own disk, which no reader can tidy up; or it has lost count of the commands.
    cause: 'in_trouble',
    sense: 'plain',
    phrases: [
      /(?<!\w)\.(?:forward|qmail|procmailrc)\b/i,
      /^503\b.{0,40}\b(?:sequence|need (?:mail|rcpt)|(?:mail|rcpt|sender|recipient)(?: \w+)? first|must precede)\b/i,
      /\binsufficient system (?:storage|space|resources?)|\bno space left on\b|\b(?:server|system|spool|queue|partition|file ?system|volume|mail store)(?:'s)? (?:disk |storage |space )?(?:is |has )?(?:almost |currently )?(?:full\b|out of (?:disk |storage )?space)|^\d{3}[ -](?:[245]\.3\.\d+ )?(?:error: )?(?:disk (?:is )?full|out of disk space|not enough disk space)/i,
    ],
  },
  {
    cause: 'mailbox_full',
    sense: 'plain',
    phrases: [
      /\bcannot update mailbox\b.{0,160}\bfile too large|\bbox (?:is )?full\b|\bexceed\w* (?:its |the |his |their )?(?:message|mail) (?:count )?limit/i,
      /\bquota\b|\bover ?quota|\bquota(?:exceeded)|\boverquota/i,
      /\b(?:mail ?box|mail ?folder|maildir|in ?box|mail ?drop|account|storage|post ?box|disk|mail ?file)\b.{0,30}\b(?:is |almost |now )?(?:full|exceed\w*|over (?:its|the)|size limit|space|limit)/i,
      /\bfull (?:mail ?box|inbox)|\b(?:in)?sufficient (?:system )?(?:storage|space|disk)|\b(?:not )?enough (?:storage|space|disk|room)|\bout of (?:storage|disk|space)|\b(?:disk|storage) (?:space|limit|allocation)|\bspace has been used up|\btoo much mail data|\btoo many messages on the server|\bexceed\w* .{0,40}\b(?:storage|mailbox|disk)|\breceiving limits/i,
      /\b(?:postfach|mailbox|speicher)\w*\b.{0,40}(?:\bvoll|überfüllt|überschritten|\berschöpft)|\bspeicherplatz|\bquota .{0,20}überschritten/i,
      /\bbo[iî]te\b.{0,60}\b(?:pleine|saturée?|plein)|\bespace (?:disque|de stockage)|\bbuz[oó]n\b.{0,40}\blleno|\bcaixa\b.{0,40}\bcheia|\bcasella\b.{0,40}\bpiena|\bpostvak\b.{0,30}\bvol\b|\bmailbox (?:is )?vol\b|\bskrzynka\b.{0,40}\b(?:pełna|przepełniona)|\bpřeplněn|\bpostlåda\w* .{0,20}\bfull|\bpostkasse\w* er full?d?\b|\bbrevlåda\w* är full|\bspazio\b.{0,30}\besaurito|\bposta kutusu\b.{0,20}\bdolu|\bpostafiók\w*\b.{0,20}(?:megtelt|betelt)/i,
      /(?:переполнен|переповнен|кутия е пълна|가득|용량 초과|превышен\w* (?:квот|лимит|размер)|容量(?:超過|不足|オーバー|を超|制限)|いっぱい|空き容量|(?:邮箱|郵箱|信箱|空间|空間)[^。]{0,12}(?:已?满|已?滿|超)|容量已满)/i,
    ],
  },
  {
    cause: 'too_large',
    sense: 'plain',
    phrases: [
      /\b(?:message|mail|e-?mail|content|attachment)s?\b(?: \w+)? (?:is |was |are )?(?:too (?:large|big|long)|exceed\w*)|\b(?:message|mail|e-?mail) (?:size|length)|\bsize of (?:the|this|your) (?:message|mail)|\bmax(?:imum)? (?:message|mail|allowed) ?size|\bsize (?:exceed|limit)|\btoo (?:large|big)\b|\b(?:message|mail|attachment)s? larger than/i,
      /\bnachricht (?:ist )?zu groß|\bmessage (?:est )?trop (?:gros|volumineux|grand)|\bmensaje .{0,20}demasiado grande|\bmensagem .{0,20}muito grande|\bmessaggio .{0,20}troppo grande/i,
    ],
  },
  {
    cause: 'mailbox_closed',
    sense: 'plain',
    phrases: [
      /\b(?:account|mail ?box|user|recipient|address|alias|domain|service)\b.{0,60}\b(?:disabled|suspend(?:ed)?|inactive|deactivated|locked|frozen|on hold|not (?:currently )?active|unpaid|not enabled|is not accepting mail|expired)\b/i,
      /\b(?:disabled|suspended|inactive|deactivated|locked|expired|frozen|dormant|invalid\/inactive) (?:account|user|mail ?box|recipient|address|domain)|\bmail ?box unavailable or access denied|\barchived (?:recipient|mail ?box|account)|\brecipient suspend|\bmailbox currently/i,
      // Lists of our provider, of whom it sends nothing any more, for whatever reason.
      /\bsuppressed\b|\bsuppression list|\bpreviously (?:hard[- ])?bounced|\bbounced address|\bhistory of bounc/i,
      /\bkonto\b.{0,40}\b(?:gesperrt|deaktiviert|inaktiv)|\b(?:compte|bo[iî]te)\b.{0,40}(?:désactivé|\bsuspendu|\bbloqué|\binactif)|\b(?:cuenta|buz[oó]n|casilla)\b.{0,40}\b(?:desactivad|suspendid|deshabilitad|inactiv)|\bconta\b.{0,40}\b(?:desativad|suspens|inativ)|\baccount\b.{0,30}\b(?:disabilitato|sospeso|disattivato)|(?:заблокирован|неактив|отключен|停止|無効に|停用|冻结|凍結|已?禁用)/i,
    ],
  },
  {
    cause: 'mailbox_unknown',
    sense: 'plain',
    phrases: [
      /\b(?:recipient|rcpt)\b.{0,40}\brejected: (?:user unknown|unknown user|undeliverable address|invalid (?:user|recipient)|user @? ?(?:does not exist|not found)|no such)|\bin (?:local recipient|virtual (?:mailbox|alias)|relay recipient|recipient|mail|user|alias) (?:table|database|map)/i,
      /\bno such (?:local )?(?:user|recipient|mailbox|address|account|person)\b(?: here|[.!,;]| at| -)|\bno mail ?box (?:here )?by that name|\bmail ?box not found|\bno mail ?box @|\bnosuchuser\b/i,
      // Nothing else is said, by words or a code.
      /^\d{3}[ -](?:[245]\.[0-5]\.\d{1,3} )?(?:<?@>?[:. ]*)?(?:unknown (?:user|recipient|address)|(?:user|recipient|address) (?:unknown|not found|does not exist)|no such (?:user|recipient|address))(?: here)?[ .!]*(?:<?@>?)?$/i,
      /\brcp-p1\b|\bvalidrcptto\b/i,
      /\bresolver\.adr\.(?:recip|exrecip|recipient)\w*notfound|\brecip(?:ient)?notfound\b/i,
      /\bthat you tried to reach does not exist|\bdoes(?: not|n.t) have an? \S{1,60} account/i,
    ],
  },
  {
    cause: 'in_trouble',
    sense: 'plain',
    phrases: [
      /\b(?:unable to|cannot|could ?n.t|could not|failed to) (?:be )?(?:verif(?:y|ied)|check(?:ed)?)\b|\baddress verification in progress|\bresolver\.adr\.(?:badprimary|ambiguous)/i,
    ],
  },
  {
    cause: 'domain_in_trouble',
    sense: 'plain',
    phrases: [/\bdns soft error|\bunable to get mx info|\bunable to reach name ?server/i],
  },
  {
    cause: 'domain_unknown',
    sense: 'plain',
    phrases: [
      // Beside a word for us, it is not the reader's.
      /^(?!.*(?:\byour?\b|\bsender|\bhelo\b|\behlo\b|\bclient\b|\breverse\b)).*(?:\bnxdomain\b|(?<!\bhost or )\bdomain name not found)/i,
    ],
  },
  {
    // The reader's server, not the reader.
    cause: 'unreachable',
    sense: 'plain',
    phrases: [
      /server (?:des|der) empfängers?\b.{0,40}\bnicht (?:erreichbar|verfügbar)|\b(?:serveur|servidor|server)\b.{0,20} d\S{1,4} ?destinat\S{1,6} .{0,30}\b(?:introuvable|injoignable|ne répond|no |não |non )|сервер\w* получателя .{0,20}не|(?:收件人|收件方|对方)的?(?:邮件)?(?:服务器|伺服器)[^。]{0,10}(?:错误|无法|連|连|超时)|(?:受信者|相手先?)の(?:メール)?サーバ[^。]{0,20}(?:見つか|応答|接続)/iu,
      /\b(?:verification|(?:recipient|user|destination)(?:'s)?(?: e?-?mail)?|remote) (?:server|host|system)\b (?:is |was )?(?:(?:currently |temporarily )?(?:unavailable|down|offline)|not (?:available|reachable|responding))\b/i,
    ],
  },
  {
    cause: 'mailbox_moved',
    sense: 'vague',
    phrases: [
      /\bhas been replaced by|\bno longer (?:in use|works?|working|employed|with)|\b(?:address|account|mail ?box) (?:has )?(?:changed|moved)|\bdiscontinued|\buser (?:has )?moved/i,
    ],
  },
  {
    cause: 'mailbox_unknown',
    sense: 'vague',
    phrases: [
      /\b(?:unknown|unrecogni[sz]ed|no such|no matching|no record of(?: this)?|unable to locate|invalid|non-?existent|nonexisting|incorrect|illegal|undeliverable|unroutable|badrcptto|bad) (?:or \w+ )?(?:local |virtual |destination |e-?mail |mail |envelope |target )?(?:user|recipient|mail ?box|address(?:es)?|account|person|alias|local[- ]?part|rcpt|mail ?drop|name|customer|destination)(?! (?:count|limit|number|policy|agent|input|type|family|licen[sc]e|syntax)\b)/i,
      /\b(?:user|recipient|receiver|mail ?box|address(?:es)?|account|person|addressee|rcpt|alias|local[- ]?part|customer)(?:'s)?\b(?:(?!\b(?:file|database|table|data|messages?|header|body|(?:start)?tls|signature|certificate|license|key|credentials|credit|login|script|attachments?|date|helo|list|organi[sz]ation|reason|storage|relaying)\b|\.\s)[^;]){0,80}\b(?:unknown|not known|not (?:be )?(?:found|located|exist|recognized|recognised|listed|present|valid|available|local|hosted|correct|ok|here)|no longer|unavailable|undeliverable|invalid|incorrect|does(?: not|n.t) (?:exist|have|appear)|do not exist|didn.t exist|has been (?:deleted|removed|closed|terminated|replaced|cancelled)|nonexistent|non-existent|missing|deleted|unlisted|wrong|was(?: not|n.t) found|could(?: not|n.t) be found|isn.t)\b/i,
      /(?:^|[\s:])@[:.,)]* (?:\W{0,5})(?:user )?(?:is )?(?:unknown|not found|does not exist|not known|not a (?:known|valid|local) |invalid|no such)/i,
      /\bis (?:not|no longer) (?:a|an) (?:known|valid|active|local|existing|current|registered|recognized) |\bnot a (?:valid|local|known) (?:user|mail ?box|address|recipient|e-?mail)|\bcan.t accept user|\bnot listed in|\bnot our customer|\bnobody here|\bthere is no (?:one|such|user|mailbox)|\bdon.t know (?:anyone|this user|that user)|\bwrong (?:address|recipient)\b(?! count)|\bno (?:account|user|mailbox|recipients?|address|valid (?:recipients?|mailbox(?:es)?)|matches|one) (?:by|with|found|at|here|to|exists|available|matching|for|of|on|called|named)|\bno mail[- ]?box (?:found|available)|\bno (?:mail-box\b|local (?:mail ?box|user)\b)|\bdo(?: not|n.t) know this recipient|\b(?:cannot|can.t|could ?n.t|could not) (?:find|locate) (?:(?:the|this|that) )?(?:user|recipient|mail ?box)(?: \S{1,80})?\W*$|\bhas left the|\b(?:mail ?box|account|user|address) (?:was |has been )?(?:removed|deleted|retired)\b|\brecip\. unknown|\bno valid recipients|\bbad destination|\bvdeliver: invalid/i,
      /\bmail ?box (?:is )?(?:unavailable|invalid|inaccessible|not (?:present|here))|\baddress rejected\W*(?:@\W*)?$|\brecipients? (?:is |are |was )?(?:rejected|refused|denied)(?! by)|\brejected (?:the )?recipients?|\brejected account|\bdestination server rejected recipients|\baccount unavailable|\buser unavailable|\bdelivery to the following recipients? was(?: not|n.t) /i,
      /\b(?:email|e-mail|mail) ?address\b.{0,40}\b(?:couldn.t|could not|can.t|cannot) be found|\bwasn.t found at|\bwas not found (?:at|in|on)|\bnot found in|\bnot found (?:at|by)|\bunrecogni[sz]ed[- ]or[- ]name\b|\bmay be misspelled|\bdoe?sn.t (?:exist|seem to exist)\b|\bunlisted\b/i,
      // "Ada wasn't found at example.org", in the tongues of Exchange Online.
      /\bwurde (?:bei|in|auf) \S{1,80} nicht gefunden|\b(?:est )?introuvable (?:sur|dans)\b|\bno se encontró .{1,80} en\b|\bnon (?:è stat[oa] )?trovat[oa] (?:in|su|presso)\b|\bnão foi encontrad[oa] em\b|\bis niet gevonden (?:op|in|bij)\b|\b(?:hittades inte|blev ikke fundet|ble ikke funnet) (?:på|i) |\bnie znaleziono .{1,80} w\b|не найден\S* (?:в|на) |で見つかりません|在 ?\S{1,80} ?中?(?:未找到|找不到)/i,
      /\b(?:benutzer|empf\S{0,2}n?ger|adresse|adressat|postfach|mailbox|nutzer|teilnehmer|konto|account|e-?mail-?adresse|mailadresse)\w*\b.{0,60}(?:unbekannt|existiert nicht|nicht (?:gefunden|vorhanden|bekannt|existent|gültig|zustellbar|erreichbar|mehr)|ungültig|gelöscht|exisitiert nicht|gibt es nicht)/i,
      /\b(?:unbekannter?|ungültiger?|keine?n? (?:solche[rn]?|gültige[rn]?)?) ?(?:benutzer|empfänger|adresse|postfach|nutzer)/i,
      /\baucune? (?:utilisateur|destinataire|adresse|bo[iî]te|compte)|\bn[aã]o existe (?:este |o |a )?(?:usu[aá]rio|destinat|endere|conta)|(?:未找到|找不到)(?:该|該)?(?:用户|用戶|收件者|使用者)|(?:あて先|宛て先)[^。]{0,20}(?:見つか|存在し|不明)/i,
      /\b(?:utilisateur|destinataire|adresse|e-?mail|bo[iî]te|compte)\b.{0,60}(?:inconnue?|introuvable|n.existe (?:pas|plus)|invalides?|inexistante?|supprimée?|erronée?|non trouvée?|pas (?:été )?trouvée?)/i,
      /\b(?:usuario|destinatario|direcci[oó]n|buz[oó]n|cuenta|casilla|(?<!\bservidor de )correo)\b.{0,60}(?:desconocid|no (?:existe|encontrad|v[aá]lid|se (?:ha )?(?:encontr|pud))|inexistente|inv[aá]lid|incorrect)|\bno se (?:ha )?(?:encontr[oó]|encontrado|pudo encontrar) .{0,20}(?:usuario|destinatario|direcci[oó]n|buz[oó]n|cuenta|@)|\bno existe (?:dicha|ese|esa|el|la|tal)\b/i,
      /\b(?:usu[aá]rio|utilizador|destinat[aá]rio|endereço|caixa|conta)\b.{0,60}(?:desconhecid|n[aã]o (?:existe|encontrad|foi (?:encontrad|localizad)|localizad)|inexistente|inv[aá]lid)|\bn[aã]o foi poss[ií]vel encontrar .{0,10}(?:usu[aá]rio|destinat[aá]rio|endereço|@)/i,
      /\b(?:utente|destinatario|indirizzo|casella|account)\b.{0,60}(?:sconosciut|non (?:esiste|trovat|valid|è (?:stat[oa] )?(?:trovat|valid)|risulta)|inesistente)/i,
      /\b(?:gebruiker|ontvanger|geadresseerde|adres|e-?mailadres|postvak|mailbox)\b.{0,60}(?:onbekend|bestaat niet|niet (?:worden )?(?:gevonden|bekend|geldig)|ongeldig)|\bonbekende? (?:gebruiker|ontvanger|adres)|\b(?:użytkownik|odbiorca|adres|adresat|konto|skrzynka)\b.{0,60}(?:nieznan|nie (?:istnieje|znaleziono|odnaleziono|został)|nieprawidłow|nie ma)|\b(?:nie (?:ma|znaleziono|można (?:odnaleźć|znaleźć))|brak) (?:\S+ )?(?:takiego|użytkownika|adresu|adresata|konta|skrzynki|@)|\bnieznany (?:użytkownik|adres|odbiorca)/i,
      /\b(?:mottagare|användare|adress|modtager|bruger|mottaker|bruker|adresse)\w*\b.{0,50}(?:okänd|finns inte|hittades inte|ukendt|findes ikke|blev ikke fundet|ukjent|finnes ikke|ble ikke funnet)|\b(?:uživatel|příjemce|adresa|schránka)\b.{0,50}(?:neexistuje|neznám|nebyla nalezena|nenalezen)|\bneznámý (?:uživatel|příjemce)|\b(?:ukendt|ukjent|okänd) (?:modtager|bruger|mottaker|bruker|mottagare|användare)|\b(?:tuntematon|käyttäjää ei|vastaanottajaa ei)|\b(?:címzett|felhasználó).{0,40}(?:ismeretlen|nem (?:létezik|található))|\bismeretlen (?:címzett|felhasználó)/i,
      /(?:пользовател|получател|адрес|адресат|ящик|почтов)[^.]{0,60}(?:не (?:существует|найден|зарегистрирован|известен)|неизвестен|недействител|неверн|удал[её]н|отсутствует)|(?:не удалось|не удаётся|не удается|невозможно) найти [^.]{0,30}(?:адрес|получател|пользовател|ящик)|такого (?:адреса|пользователя|получателя|ящика) нет|(?:неизвестный|несуществующ\w+|нет такого) (?:пользовател|получател|адрес|ящик)|(?:користувач|адреса)[^.]{0,40}не (?:існує|знайден)/i,
      /(?:宛先|受信者|ユーザー?|アドレス|アカウント|メールボックス|送信先)[^。]{0,40}(?:存在しま|存在し|見つかりま|見つけ|不明|無効|ありません|有りません|間違|誤り|登録され)|(?:用户|用戶|收件人|收信人|邮箱|郵箱|帐号|账号|帳號|地址|信箱|使用者)[^。]{0,20}(?:不存在|未找到|找不到|无效|無效|不正确|错误|不可用)|(?:无法找到|找不到|不存在)[^。]{0,14}(?:用户|收件人|邮箱|地址|帐号|账号)|(?:无此|無此|查无此|查無此)(?:用户|用戶|人|邮箱|地址)|(?:사용자|수신자|주소|메일함)[^.]{0,30}(?:없|존재하지|찾을 수)|존재하지 않는 (?:사용자|수신자|주소|계정)/i,
      /(?:alıcı|kullanıcı|adres)\w*.{0,40}(?:bulunamadı|mevcut değil|geçersiz|yok)|(?:παραλήπτη|χρήστη|διεύθυνση).{0,60}(?:δεν (?:υπάρχει|βρέθηκε)|άγνωστ)/i,
      /تعذر العثور على (?:عنوان|المستلم|المستخدم)|(?:عنوان|المستلم|المستخدم)[^.]{0,40}غير (?:موجود|معروف)|(?:כתובת|הנמען|המשתמש)[^.]{0,60}(?:לא נמצא|לא קיי|אינ[וה] קיי)|(?:адрес|користувач|одержувач)[^.]{0,60}не (?:вдалося знайти|знайден)|не вдалося знайти (?:адрес|користувач|одержувач)|\b(?:adresa|utilizatorul|destinatarul)\b.{0,60}nu (?:a fost găsit|există)|không tìm thấy (?:địa chỉ|người)|(?:địa chỉ|người nhận)[^.]{0,40}không tồn tại/iu,
    ],
  },
  {
    cause: 'domain_in_trouble',
    sense: 'vague',
    phrases: [
      /\b(?:host|domain)(?: or domain name)? not found[,.]? (?:please )?try again|\b(?:host )?name (?:server|lookup).{0,30}\b(?:fail|timeout|malformed|timed|unexpected)|\bdns (?:lookup|query|server|error|problem|time)\b.{0,30}|\bservfail\b|\btemporary (?:lookup|dns|name)|\bunrouteable mail domain|\bunable to resolve route|\blookup of .{0,40}\b(?:deferred|failed)/i,
    ],
  },
  {
    cause: 'domain_unknown',
    sense: 'vague',
    phrases: [
      /\b(?:host|domain|server|hostname|site)(?: or domain)?(?: name)?\b(?:(?!\b(?:certificate|key)\b).){0,60}\b(?:not found|unknown|does(?: not|n.t) exist|not exist|couldn.t be found|could not be found|invalid|non-?existent|doesn.t receive|must exist|not known)\b/i,
      /\b(?:unknown|no such|invalid|illegal|bad|non-?existent|unrouteable|unroutable) (?:mail |destination |recipient |host\/)?(?:host|domain|hostname|server)(?! key)|\bunrouteable address|\bnxdomain|\bname or service not known|\bnull ?mx\b|\b(?:domain|host|server)\b.{0,60}\bdoes not accept (?:e-?mail|mail|messages)\b(?! \w)|\bdoes not receive mail|\bno (?:mx|mail exchanger|mail host|valid mx|dns|a or mx)|\bmx records? (?:points? to (?:non|invalid)|for|found|exist)|\bcouldn.t find any host (?:by that name|named)|\bdns records .{0,40}could not be found|\bhas no (?:mx|a record|mail)/i,
      /\bdomain\b.{0,30}(?:existiert nicht|nicht gefunden|unbekannt)|\b(?:domaine|hôte)\b.{0,30}(?:inconnu|introuvable|n.existe)|\bdominio\b.{0,30}(?:desconocid|no existe|non esiste|sconosciut|no encontrad)|\bdomínio\b.{0,30}(?:não|inexist|desconhec)|(?:домен)[^.]{0,30}(?:не (?:существует|найден))|(?:域名|ドメイン)[^。]{0,20}(?:不存在|存在し|見つか|不明|无效)/i,
    ],
  },
  {
    cause: 'unreachable',
    sense: 'vague',
    phrases: [
      /\bconnection (?:to \S{1,80} )?(?:was )?(?:timed? ?out|refused|reset|lost|dropped|closed|fail|died)|\b(?:connect|connecting) to\b.{0,80}\b(?:timed|refused|fail|unreachable)|\btime(?:d)?[- ]?out|\bno route to host|\b(?:host|network|domain|server) (?:is )?(?:unreachable|down|not reachable|not responding|did not respond|unavailable)|\bunable to (?:connect|contact|reach)|\bcould(?: not|n.t) (?:connect|reach|be reached|establish|contact)|\bwasn.t able to establish|\bnetwork error|\bnot reachable\b|\bnot respond|\bno answer from/i,
      /\bexpired|\bretry time(?:out)? (?:not reached|exceeded)|\bin the queue too long|\b(?:queued|tried|trying|retried|attempts?) (?:for|to)\b.{0,40}\b(?:days?|hours?|tries|deliver|time)|\bgiv(?:e|en|ing) up\b|\bafter \d+ (?:tries|attempts|days|hours)|\bnot been collected after|\bfor more than \d+|\bdelivery time|\bretries\b|\bover retry|\bqueue (?:period|time|life)|\bnumerous attempts/i,
      /\b(?:mail|forwarding|routing|message|delivery) loop|\bloops? (?:back|detected|was|count)|\btoo many hops|\bhop ?count|\blooping|\bzeitüberschreitung|\bnicht erreichbar|\bdélai .{0,20}(?:dépassé|expiré)|\btiempo de espera|タイムアウト|超时|逾時/i,
    ],
  },
  {
    cause: 'reader_refuses',
    sense: 'vague',
    phrases: [/\bautomatically rejected\b/i],
  },
  {
    // A reply that calls the mail refused, and says no more.
    cause: 'not_wanted',
    sense: 'vague',
    phrases: [
      /^\d{3}[ -](?:[45]\.\d\.\d{1,3} )?(?:(?:(?:your|the|this) )?(?:(?:e-?)?mail|message|delivery|transaction)\b.{0,20}\b)?(?:rejected|refused|denied|not authori[sz]ed)\b/i,
      /^\d{3}[ -].{0,60}\b(?:(?:e-?)?mails?|messages?) (?:is|are|was|were) not accepted\b/i,
    ],
  },
  {
    cause: 'in_trouble',
    sense: 'vague',
    phrases: [
      /\btemporar(?:y|ily)|\btry (?:again )?later|\bplease try later|\b(?:service|server|system|resources?) (?:is |are )?(?:currently |temporarily )?(?:unavailable|busy|overloaded|not available|shutting down)|\binternal (?:server )?error|\blocal (?:configuration )?error|\bserver error|\b(?:mail )?system (?:config|error|full|problem)|\bconfiguration error|\bsystem failure|\bmisconfigur|\bunable to (?:create|open|write|lock|deliver|process|contact ldap)|\bcan.t create|\bi\/o error|\bqueue file write|\binterrupted system call|\bmailer (?:error|failure)|\bcommand (?:died|failed|output)|\bprocmail|\bmaildrop|\bpipe to|\bx-unix|\bdeferred\b|\bfailed to deliver|\bdelivery failed\b/i,
    ],
  },
];
