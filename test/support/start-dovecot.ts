// A Dovecot with one mailbox, for what reads mail by IMAP.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { inject } from 'vitest';
import { makeCertificate } from '../../src/platform/keys/certificate.ts';
import { findFreePort } from './free-port.ts';
import { waitFor } from './wait-for.ts';

export type Dovecot = {
  host: string;
  port: number;
  tlsPort: number;
  password: string;
  stop(): Promise<void>;
};

export async function startDovecot(): Promise<Dovecot> {
  const [port, tlsPort] = [await findFreePort(), await findFreePort()];
  const folder = await mkdtemp(join(tmpdir(), 'paperround-dovecot-'));
  await chmod(folder, 0o755);
  const mail = join(folder, 'mail');
  await mkdir(mail);
  await chmod(mail, 0o777);
  const { cert, key } = makeCertificate('localhost', new Date());
  await writeFile(join(folder, 'cert.pem'), cert);
  await writeFile(join(folder, 'key.pem'), key);
  const password = 'secret/of:the@mailbox';
  const isRoot = process.getuid?.() === 0;
  const { uid, gid, username } = userInfo();
  const [owner, group] = isRoot ? [65_534, 65_534] : [uid, gid];
  const settings = `
protocols = imap
listen = 127.0.0.1
base_dir = ${folder}/run
log_path = ${folder}/log
ssl = yes
ssl_cert = <${folder}/cert.pem
ssl_key = <${folder}/key.pem
disable_plaintext_auth = no
${isRoot ? '' : `default_internal_user = ${username}\ndefault_login_user = ${username}\ndefault_internal_group = ${gid}`}
first_valid_uid = 1
mail_location = maildir:${mail}
passdb {
  driver = static
  args = password=${password}
}
userdb {
  driver = static
  args = uid=${owner} gid=${group} home=${mail}
}
service imap-login {
  ${isRoot ? '' : 'chroot ='}
  inet_listener imap {
    port = ${port}
  }
  inet_listener imaps {
    port = ${tlsPort}
  }
}
service anvil {
  ${isRoot ? '' : 'chroot ='}
}
`;
  await writeFile(join(folder, 'dovecot.conf'), settings);
  const program = inject('externalPrograms').dovecot ?? 'dovecot';
  const child = spawn(program, ['-F', '-c', join(folder, 'dovecot.conf')], { stdio: 'ignore' });
  const kill = () => child.kill('SIGTERM');
  process.once('exit', kill);
  await waitFor('Dovecot', () => isGreeted(port));
  return {
    host: '127.0.0.1',
    port,
    tlsPort,
    password,
    async stop() {
      process.off('exit', kill);
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      await ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function isGreeted(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  try {
    const [greeting] = await once(socket, 'data');
    return String(greeting).startsWith('* OK');
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
