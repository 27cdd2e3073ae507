/** Faults of the network and of servers, with the sandbox's portal and authority on loopback. */
import { generateKeyPairSync } from 'node:crypto';
import { createServer as createHttpServer } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import type { CauseCode } from '../../../electron/contract/diagnostics/causes.ts';
import type { Finding } from '../../../electron/contract/diagnostics/finding.ts';
import { type PortalSettings, portalSettingsSchema } from '../../../electron/contract/portal/settings.ts';
import { doctorSurroundings } from '../../../electron/engine/agent/composition/doctor-surroundings.ts';
import { NodeSystem } from '../../../electron/engine/diagnostics/system/node-system.ts';
import { InProcessReader, InProcessReaderService } from '../../../electron/engine/readers/in-process.ts';
import { createSandboxCard, type SandboxVariant } from '../../../electron/sandbox/cards/index.ts';
import { sandboxPeople } from '../../../electron/sandbox/people.ts';
import { SandboxAuthority } from '../../../electron/sandbox/pki/authority.ts';
import { SandboxPki } from '../../../electron/sandbox/pki/sandbox-pki.ts';
import { SandboxPortal } from '../../../electron/sandbox/portal/sandbox-portal.ts';
import { type FaultCase, readingCard } from '../examination.ts';

/** Everything that signing in and signing needs, and what a case may change of it. */
interface Net {
  readonly pki: SandboxPki;
  readonly portal: SandboxPortal;
  settings: PortalSettings;
  timestampUrl: string;
  env: Record<string, string>;
  now: () => number;
  lookup: NodeSystem['lookup'] | undefined;
  variant: SandboxVariant;
  readonly after: (clear: () => unknown) => void;
}

const healthy = { LANG: 'ro_RO.UTF-8' };

function onLoopback(
  fault: string,
  expected: CauseCode | null,
  change: (net: Net) => unknown = () => undefined,
  names?: Finding['parameters'],
): FaultCase {
  return {
    fault,
    expected,
    by: 'real',
    ...(names ? { names } : {}),
    inject: async (after) => {
      const pki = await SandboxPki.start();
      after(() => pki.stop());
      const portal = await SandboxPortal.start({ authority: pki.authority, people: sandboxPeople });
      after(() => portal.stop());
      const net: Net = {
        pki,
        portal,
        settings: portal.settings,
        timestampUrl: pki.timestampUrl,
        env: healthy,
        now: Date.now,
        lookup: undefined,
        variant: 'normal',
        after,
      };
      await change(net);
      const system = new NodeSystem({ environment: net.env, now: net.now });
      if (net.lookup) system.lookup = net.lookup;
      const reader = new InProcessReader('Buletin Simulated Reader');
      const readers = new InProcessReaderService([reader]);
      after(() => readers.close());
      reader.insert(await createSandboxCard({ card: '2025', variant: net.variant }, pki.authority));
      const surroundings = doctorSurroundings({
        portal: async () => net.settings,
        simulated: true,
        issuers: [pki.authority.issuing.der],
        timestampUrl: net.timestampUrl,
        system,
      });
      return { ...surroundings, readers, readCard: readingCard(readers) };
    },
  };
}

async function listen(server: Server, after: Net['after']): Promise<number> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  after(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

/** A port on which nobody listens. */
async function closedPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

const withPortal = (net: Net, change: Partial<PortalSettings>) => {
  net.settings = portalSettingsSchema.parse({ ...net.settings, ...change });
};

/** An https server of another authority, as a device that opens connections has one. */
async function inspectingServer({ after }: Net): Promise<string> {
  const authority = await SandboxAuthority.create();
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const { X509Certificate } = await import('node:crypto');
  const certificate = new X509Certificate(await authority.issueServer({ names: ['127.0.0.1'], publicKey }));
  const server = createHttpsServer(
    {
      key: privateKey.export({ type: 'pkcs8', format: 'pem' }),
      cert: `${certificate}${authority.issuing.pem}`,
    },
    (_, response) => void response.end('blocked'),
  );
  return `https://127.0.0.1:${await listen(server, after)}`;
}

const shifted = (seconds: number) => () => Date.now() + seconds * 1000;

export const networkCases: readonly FaultCase[] = [
  onLoopback('healthy: card, portal, provider, OCSP, CRL, time stamps', null),
  // D22
  onLoopback('portal down', 'portal-refuses-connection', async (net) => {
    withPortal(net, { servicesUrl: `https://127.0.0.1:${await closedPort()}` });
  }),
  onLoopback('portal silent', 'portal-silent', ({ portal }) =>
    portal.faults.always('login-start', { kind: 'silence' }),
  ),
  onLoopback('portal hangs up', 'portal-silent', ({ portal }) =>
    portal.faults.always('login-start', { kind: 'hang-up' }),
  ),
  onLoopback('portal never ends its answer', 'portal-silent', ({ portal }) =>
    portal.faults.always('login-start', { kind: 'stalled-body' }),
  ),
  onLoopback('portal faulty (503)', 'portal-fault', ({ portal }) =>
    portal.faults.always('login-start', { kind: 'status', status: 503 }),
  ),
  onLoopback('portal lies (another page)', 'portal-answers-wrong', ({ portal }) =>
    portal.faults.always('login-start', { kind: 'html' }),
  ),
  onLoopback(
    'network wants a sign-in first (redirect)',
    'portal-redirected',
    ({ portal }) =>
      portal.faults.always('login-start', { kind: 'redirect', location: 'https://wifi.hotel.example/login' }),
    { target: 'wifi.hotel.example' },
  ),
  onLoopback('portal slow', 'portal-slow', async (net) => {
    // Everything that goes to the site is held up for a while.
    const target = Number(new URL(net.portal.servicesUrl).port);
    const { connect } = await import('node:net');
    const server = createServer((socket) => {
      const onward = connect(target, '127.0.0.1');
      onward.on('error', () => socket.destroy());
      socket.on('error', () => onward.destroy());
      setTimeout(() => {
        socket.pipe(onward);
        onward.pipe(socket);
      }, 1_300);
      socket.on('close', () => onward.destroy());
    });
    withPortal(net, { servicesUrl: `https://127.0.0.1:${await listen(server, net.after)}` });
  }),
  onLoopback('portal’s name is not found', 'portal-name-unknown', (net) => {
    withPortal(net, { servicesUrl: 'https://portal.localhost' });
    const system = new NodeSystem();
    net.lookup = (host) =>
      host === 'portal.localhost'
        ? Promise.reject(Object.assign(new Error('no such name'), { code: 'ENOTFOUND' }))
        : system.lookup(host);
  }),
  onLoopback('no name service: no network', 'network-none', (net) => {
    withPortal(net, { servicesUrl: 'https://portal.localhost', providerUrl: 'https://mpass.localhost' });
    net.lookup = () => Promise.reject(Object.assign(new Error('try again'), { code: 'EAI_AGAIN' }));
  }),
  onLoopback(
    'connection opened by an antivirus',
    'tls-inspected',
    async (net) => withPortal(net, { servicesUrl: await inspectingServer(net) }),
    { issuer: 'Buletin SIMULATED Root CA' },
  ),
  onLoopback('server certificate for another name', 'tls-untrusted', (net) =>
    withPortal(net, { servicesUrl: net.portal.servicesUrl.replace('127.0.0.1', 'localhost') }),
  ),
  onLoopback('something that speaks no TLS', 'portal-answers-wrong', async (net) => {
    const server = createHttpServer((_, response) => void response.end());
    withPortal(net, { servicesUrl: `https://127.0.0.1:${await listen(server, net.after)}` });
  }),
  onLoopback('provider faulty (500)', 'portal-answers-wrong', (net) =>
    withPortal(net, { providerUrl: `${net.portal.servicesUrl}/nothing-here` }),
  ),
  onLoopback('proxy wrong (nobody there)', 'proxy-unreachable', async (net) => {
    net.env = { ...healthy, HTTPS_PROXY: `http://user:word@127.0.0.1:${await closedPort()}` };
  }),
  onLoopback(
    'proxy refuses (407)',
    'proxy-refuses',
    async (net) => {
      const server = createHttpServer();
      server.on(
        'connect',
        (_, socket) => void socket.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n'),
      );
      net.env = { ...healthy, https_proxy: `127.0.0.1:${await listen(server, net.after)}` };
    },
    { status: 407 },
  ),
  onLoopback('OCSP down', 'ocsp-unreachable', ({ pki }) => pki.faults.always('ocsp', { kind: 'hang-up' })),
  onLoopback('OCSP silent', 'ocsp-unreachable', ({ pki }) => pki.faults.always('ocsp', { kind: 'silence' })),
  onLoopback('OCSP faulty (503)', 'ocsp-unreachable', ({ pki }) =>
    pki.faults.always('ocsp', { kind: 'status', status: 503 }),
  ),
  onLoopback('OCSP tries later', 'ocsp-unreachable', ({ pki }) =>
    pki.faults.always('ocsp', { kind: 'refused', status: 'tryLater' }),
  ),
  onLoopback('OCSP lies (a page)', 'ocsp-answers-wrong', ({ pki }) =>
    pki.faults.always('ocsp', { kind: 'html' }),
  ),
  onLoopback('OCSP lies (random bytes)', 'ocsp-answers-wrong', ({ pki }) =>
    pki.faults.always('ocsp', { kind: 'garbage' }),
  ),
  onLoopback('OCSP speaks of another certificate', 'ocsp-answers-wrong', ({ pki }) =>
    pki.faults.always('ocsp', { kind: 'other-certificate' }),
  ),
  onLoopback('OCSP answer with a broken signature', 'ocsp-answers-wrong', ({ pki }) =>
    pki.faults.always('ocsp', { kind: 'bad-signature' }),
  ),
  onLoopback('revocation list down', 'crl-unreachable', ({ pki }) =>
    pki.faults.always('revocation-list', { kind: 'status', status: 500 }),
  ),
  onLoopback('revocation list is a page', 'crl-answers-wrong', ({ pki }) =>
    pki.faults.always('revocation-list', { kind: 'html' }),
  ),
  onLoopback('TSA down', 'tsa-unreachable', ({ pki }) => pki.faults.always('timestamp', { kind: 'hang-up' })),
  onLoopback('TSA lies (a page)', 'tsa-answers-wrong', ({ pki }) =>
    pki.faults.always('timestamp', { kind: 'html' }),
  ),
  onLoopback('TSA stamps something else', 'tsa-answers-wrong', ({ pki }) =>
    pki.faults.always('timestamp', { kind: 'other-imprint' }),
  ),
  // D21
  onLoopback('clock three hours ahead', 'clock-wrong', (net) => {
    net.now = shifted(3 * 3600);
  }),
  onLoopback('clock two years behind', 'clock-wrong', (net) => {
    net.now = shifted(-2 * 365 * 86_400);
  }),
  onLoopback('clock three years ahead', 'clock-wrong', (net) => {
    net.now = shifted(3 * 365 * 86_400);
  }),
  // D19, D20
  onLoopback('PIN1 and PIN2 fine, PIN2 blocked', 'pin2-blocked', (net) => {
    net.variant = 'pin2-blocked';
  }),
  onLoopback('one try left', 'pin2-last-try', (net) => {
    net.variant = 'last-try';
  }),
  onLoopback('transport PIN not changed', 'pin2-change-first', (net) => {
    net.variant = 'change-first';
  }),
  onLoopback('PUK blocked', 'puk-blocked', (net) => {
    net.variant = 'puk-blocked';
  }),
  onLoopback('certificate expired', 'certificate-expired', (net) => {
    net.variant = 'expired';
  }),
  onLoopback('certificate not yet valid', 'certificate-not-yet-valid', (net) => {
    net.variant = 'not-yet-valid';
  }),
  onLoopback('certificate revoked', 'certificate-revoked', (net) => {
    net.variant = 'revoked';
  }),
  onLoopback('certificate suspended', 'certificate-suspended', (net) => {
    net.variant = 'suspended';
  }),
  onLoopback('card without a certificate', 'card-without-certificates', (net) => {
    net.variant = 'no-certificate';
  }),
];
