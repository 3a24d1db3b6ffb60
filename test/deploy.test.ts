// The files of docs/deploy against what reads them: Kubernetes' own types, systemd's own check, and the program's variables.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { z } from 'zod';
import { packageFolder, readConfig, variables } from '../src/config/config.ts';
import { describeWith } from './support/needs.ts';

const folder = join(packageFolder, 'docs/deploy');
const kubernetes = join(folder, 'kubernetes');
const read = (...path: string[]) => readFileSync(join(folder, ...path), 'utf8');

const object = z.looseObject({
  apiVersion: z.string(),
  kind: z.string(),
  metadata: z.looseObject({ name: z.string() }),
});
const manifests = readdirSync(kubernetes)
  .filter((name) => name !== 'kustomization.yaml')
  .flatMap((name) =>
    parseAllDocuments(read('kubernetes', name)).map((document) =>
      object.parse(document.toJS({ maxAliasCount: 20 })),
    ),
  );
const find = (kind: string, name: string) =>
  manifests.find((one) => one.kind === kind && one.metadata.name === name);

const workload = z.object({
  kind: z.string(),
  metadata: z.object({ name: z.string() }),
  spec: z.object({
    template: z.object({
      metadata: z.object({ labels: z.record(z.string(), z.string()) }),
      spec: z.looseObject({
        automountServiceAccountToken: z.boolean(),
        securityContext: z.unknown(),
        containers: z.tuple([
          z.looseObject({ image: z.string(), command: z.array(z.string()), securityContext: z.unknown() }),
        ]),
      }),
    }),
  }),
});
const workloads = manifests.flatMap((one) => workload.safeParse(one).data ?? []);

describe('the manifests of Kubernetes', () => {
  test('are what its API takes, by its own types, with no field that it does not know', ({
    onTestFinished,
  }) => {
    const scratch = mkdtempSync(join(tmpdir(), 'paperround-manifests-'));
    onTestFinished(() => rmSync(scratch, { recursive: true }));
    symlinkSync(join(packageFolder, 'node_modules'), join(scratch, 'node_modules'));
    const check = (documents: z.infer<typeof object>[]) => {
      const lines = documents.map((document, index) => {
        const version = document.apiVersion === 'v1' ? 'core/v1' : document.apiVersion.replace('.k8s.io', '');
        return `import type { ${document.kind} as K${index} } from 'kubernetes-types/${version}';
export const m${index}: K${index} = ${JSON.stringify(document)};`;
      });
      writeFileSync(join(scratch, 'manifests.ts'), lines.join('\n'));
      const options = [
        '--noEmit',
        '--strict',
        '--skipLibCheck',
        '--ignoreConfig',
        '--types',
        '',
        '--module',
        'nodenext',
      ];
      const tsc = join(packageFolder, 'node_modules/typescript/bin/tsc');
      return spawnSync(process.execPath, [tsc, ...options, 'manifests.ts'], {
        cwd: scratch,
        encoding: 'utf8',
      }).stdout;
    };
    expect(check(manifests)).toBe('');
    const web = z.looseObject({ spec: z.looseObject({}) }).parse(find('Deployment', 'paperround-web'));
    const wrong = object.parse({ ...web, spec: { ...web.spec, replica: 2 } });
    expect(check([wrong])).toMatch(/replica\W* does not exist/);
  });

  test('all that kustomize applies is there, and with the secret and the job it is all there is', () => {
    const { resources } = z
      .object({ resources: z.array(z.string()) })
      .parse(parse(read('kubernetes/kustomization.yaml')));
    expect([...resources, 'kustomization.yaml', 'migrate.yaml', 'secret.example.yaml'].toSorted()).toEqual(
      readdirSync(kubernetes).toSorted(),
    );
  });

  test('give the program a configuration that it accepts, in which starts do not migrate', () => {
    const { data } = z
      .looseObject({ data: z.record(z.string(), z.string()) })
      .parse(find('ConfigMap', 'paperround'));
    const { stringData } = z
      .looseObject({ stringData: z.record(z.string(), z.string()) })
      .parse(find('Secret', 'paperround'));
    const env = { ...data, ...stringData };
    expect(Object.keys(env).filter((name) => !(name in variables))).toEqual([]);
    expect(readConfig(env)).toMatchObject({ port: 3000, healthPort: 3001, migrates: false, host: '0.0.0.0' });
  });

  test('run the image’s program, each role by the probes that it answers', () => {
    expect(workloads.map(({ metadata }) => metadata.name).toSorted()).toEqual([
      'paperround-migrate',
      'paperround-web',
      'paperround-worker',
    ]);
    for (const { kind, metadata, spec } of workloads) {
      const [container] = spec.template.spec.containers;
      const role = metadata.name.replace('paperround-', '');
      expect(container.command).toEqual(
        kind === 'Job' ? ['paperround', 'migrate'] : ['paperround', 'start', '--role', role],
      );
      if (kind === 'Job') continue;
      expect(container).toMatchObject({
        ports: [{ name: 'http', containerPort: role === 'web' ? 3000 : 3001 }],
        startupProbe: { httpGet: { path: '/livez', port: 'http' } },
        livenessProbe: { httpGet: { path: '/livez', port: 'http' } },
        readinessProbe: { httpGet: { path: '/readyz', port: 'http' } },
      });
      // A drain leaves one, and the budget is about these pods.
      expect(find('PodDisruptionBudget', metadata.name)).toMatchObject({
        spec: { minAvailable: 1, selector: { matchLabels: spec.template.metadata.labels } },
      });
    }
    const [web] = workloads.filter(({ metadata }) => metadata.name === 'paperround-web');
    expect(find('Service', 'paperround-web')).toMatchObject({
      spec: { selector: web?.spec.template.metadata.labels },
    });
  });

  test('give a pod no rights beyond what it needs', () => {
    for (const { spec, metadata } of workloads) {
      const [container] = spec.template.spec.containers;
      expect(spec.template.spec, metadata.name).toMatchObject({
        automountServiceAccountToken: false,
        securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
      });
      expect(container).toMatchObject({
        securityContext: {
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          capabilities: { drop: ['ALL'] },
        },
        resources: { limits: { memory: expect.any(String) }, requests: { cpu: expect.any(String) } },
        volumeMounts: [{ name: 'tmp', mountPath: '/tmp' }],
      });
    }
  });
});

describe('the units of systemd', () => {
  const units = readdirSync(join(folder, 'systemd'));
  const services = units.filter((name) => name.endsWith('.service'));

  test('start the program as docs say, confined, with variables that it reads', () => {
    expect(services).toHaveLength(3);
    for (const name of services) {
      const text = read('systemd', name);
      expect(text).toMatch(
        /^ExecStart=\/usr\/local\/bin\/paperround (?:migrate|start --role (?:web|worker))$/m,
      );
      for (const line of [
        'User=paperround',
        'NoNewPrivileges=yes',
        'ProtectSystem=strict',
        'CapabilityBoundingSet=',
      ])
        expect(text.split('\n'), name).toContain(line);
      const set = [...text.matchAll(/^Environment=(.*)$/gm)].flatMap(([, words = '']) => words.split(' '));
      const names = set.map((word) => word.split('=')[0]?.replace(/_FILE$/, '') ?? '');
      expect(names.filter((variable) => variable !== 'NODE_ENV' && !(variable in variables))).toEqual([]);
      expect(set).toContain('MIGRATE=off');
    }
  });

  test('give each worker of a host what only one of them can have', () => {
    expect(read('systemd', 'paperround-worker@.service')).toMatch(
      /^EnvironmentFile=\/etc\/paperround\/paperround\.env\n#.*BOUNCE_PORT.*\nEnvironmentFile=-\/etc\/paperround\/worker-%i\.env$/m,
    );
  });

  describeWith('systemd-analyze', 'as systemd sees them', () => {
    test('have nothing to complain of', ({ onTestFinished }) => {
      const scratch = mkdtempSync(join(tmpdir(), 'paperround-units-'));
      onTestFinished(() => rmSync(scratch, { recursive: true }));
      // The program is on no machine of a test's at that place.
      for (const name of units)
        writeFileSync(
          join(scratch, name),
          read('systemd', name).replaceAll('/usr/local/bin/paperround', '/bin/true'),
        );
      const verify = () =>
        spawnSync('systemd-analyze', ['verify', ...units.map((name) => join(scratch, name))], {
          encoding: 'utf8',
        });
      expect(verify()).toMatchObject({ status: 0, stderr: '' });
      writeFileSync(join(scratch, 'paperround.target'), '[Unit]\nDescriptor=x\n');
      expect(verify().stderr).toMatch(/Descriptor/);
    });
  });
});

test('what the page of deployment copies, applies and reads is there', () => {
  const page = readFileSync(join(packageFolder, 'docs/deploy.md'), 'utf8');
  const paths = [...page.matchAll(/docs\/deploy\/[\w./-]*\w/g)].map(([path]) => path);
  expect(paths.length).toBeGreaterThan(4);
  for (const path of paths) execFileSync('test', ['-e', join(packageFolder, path)]);
});
