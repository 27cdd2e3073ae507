/** D25, D28, D29, D30: browsers, local connections, what the program and the computer lack, versions with known faults. */
import { createConnection } from 'node:net';
import { isFailure } from '../../../contract/failures/failure.ts';
import type { Check, CheckContext, Observation } from '../doctor/check.ts';
import { isOlder, packageName, packageVersion } from '../system/packages.ts';
import type { SystemView } from '../system/system-view.ts';
import { byPerson } from './fixes.ts';

const megabyte = 1024 * 1024;
/** Below this nothing can be saved reliably; below that it will soon be so. In MB. */
const fullBelow = 50;
const lowBelow = 300;

const browsers = [
  {
    browser: 'Firefox',
    snap: 'firefox',
    flatpak: 'org.mozilla.firefox',
    native: ['/usr/bin/firefox-esr', '/opt/firefox/firefox', '/usr/lib/firefox/firefox'],
  },
  {
    browser: 'Chromium',
    snap: 'chromium',
    flatpak: 'org.chromium.Chromium',
    native: ['/usr/lib/chromium/chromium', '/usr/bin/google-chrome', '/opt/google/chrome/chrome'],
  },
] as const;

async function browserPackages(system: SystemView): Promise<readonly Observation[]> {
  const found: Observation[] = [];
  for (const { browser, snap, flatpak, native } of browsers) {
    const exists = async (...paths: readonly string[]) =>
      (await Promise.all(paths.map((path) => system.exists(path)))).includes(true);
    // With an ordinary one beside it the person has a way.
    if (await exists(...native)) continue;
    const kind = (await exists(`/snap/${snap}/current`, `/var/lib/snapd/snap/${snap}/current`))
      ? 'snap'
      : (await exists(
            `/var/lib/flatpak/app/${flatpak}`,
            `${system.home}/.local/share/flatpak/app/${flatpak}`,
          ))
        ? 'flatpak'
        : undefined;
    if (kind) found.push({ cause: 'browser-sandboxed', parameters: { browser, package: kind } });
  }
  return found;
}

/** Processes of programs that filter connections, and what people call them. */
const protection: Readonly<Record<string, string>> = {
  kesl: 'Kaspersky',
  klnagent: 'Kaspersky',
  avp: 'Kaspersky',
  esets_daemon: 'ESET',
  oaeventd: 'ESET',
  egui: 'ESET',
  'drweb-gated': 'Dr.Web',
  bdsecd: 'Bitdefender',
  sophosd: 'Sophos',
  opensnitchd: 'OpenSnitch',
  portmaster: 'Portmaster',
  firewalld: 'firewalld',
};

async function protectionName(system: SystemView): Promise<string> {
  for (const pid of (await system.list('/proc')).filter((name) => /^\d+$/.test(name)).slice(0, 4096)) {
    const name =
      protection[((await system.text(`/proc/${pid}/comm`, 64).catch(() => undefined)) ?? '').trim()];
    if (name !== undefined) return name;
  }
  return '?';
}

/** The discard port: nobody listens there, so a connection is refused at once unless something swallows it. */
const quietPort = 9;

/** `free` also when somebody does listen. */
function loopback(port: number, signal: AbortSignal): Promise<'free' | 'blocked'> {
  return new Promise((resolve, reject) => {
    const connection = createConnection({ host: '127.0.0.1', port, signal, timeout: 700 });
    const over = (state: 'free' | 'blocked'): void => {
      connection.destroy();
      resolve(state);
    };
    connection.once('connect', () => over('free'));
    connection.once('timeout', () => over('blocked'));
    connection.once('error', (error: NodeJS.ErrnoException) => {
      if (signal.aborted) reject(signal.reason);
      else over(error.code === 'ECONNREFUSED' || error.code === 'ECONNRESET' ? 'free' : 'blocked');
    });
  });
}

async function ownParts({ world, facts }: CheckContext): Promise<readonly Observation[]> {
  const { ownTrouble } = world;
  if (ownTrouble?.kind === 'agent')
    return [{ cause: 'agent-not-starting', parameters: { code: ownTrouble.parameter } }];
  if (ownTrouble?.kind === 'native')
    return [{ cause: 'app-incomplete', parameters: { file: ownTrouble.parameter } }];
  if (ownTrouble?.kind === 'settings')
    return [{ cause: 'settings-invalid', parameters: { field: ownTrouble.parameter } }];
  const { failure } = await facts.service();
  if (isFailure(failure, 'native-missing')) {
    return [{ cause: 'app-incomplete', parameters: { file: String(failure.parameters.file ?? '') } }];
  }
  const look = world.readCard ? await facts.card() : undefined;
  return look && 'failure' in look && isFailure(look.failure, 'native-missing')
    ? [{ cause: 'app-incomplete', parameters: { file: String(look.failure.parameters.file ?? '') } }]
    : [];
}

async function disk(system: SystemView): Promise<readonly Observation[]> {
  const places = [system.home, system.environment.TMPDIR ?? '/tmp'];
  const free = await Promise.all(
    places.map((place) => system.freeBytes(place).catch(() => Number.POSITIVE_INFINITY)),
  );
  const megabytes = Math.floor(Math.min(...free) / megabyte);
  if (megabytes < fullBelow) return [{ cause: 'disk-full', parameters: { megabytes } }];
  return megabytes < lowBelow ? [{ cause: 'disk-low', parameters: { megabytes } }] : [];
}

function locale({ environment, platform }: SystemView): readonly Observation[] {
  if (platform !== 'linux') return [];
  const value = environment.LC_ALL || environment.LC_CTYPE || environment.LANG || '';
  return /utf-?8/i.test(value) ? [] : [{ cause: 'locale-not-utf8' }];
}

/**
 * Versions with faults that people met, below which to update.
 * libccid before 1.5.0: cards not noticed until the reader is plugged in again (LudovicRousseau/pcsc-tools #59).
 * pcscd before 1.9.1: quits or hangs with browsers (LudovicRousseau/PCSC #111).
 */
const firstGood = { service: '1.9.1', driver: '1.5.0' } as const;

async function versions({ facts, system, signal }: CheckContext): Promise<readonly Observation[]> {
  const family = await facts.family();
  const found: Observation[] = [];
  for (const what of ['service', 'driver'] as const) {
    const name = packageName(what, family);
    const version = await packageVersion(system, family, name, signal);
    if (version === undefined || !isOlder(version, firstGood[what])) continue;
    found.push({
      cause: what === 'service' ? 'service-known-bad' : 'driver-known-bad',
      parameters: { package: name, version },
      ...(family === 'debian' ? { fix: byPerson(`sudo apt install --only-upgrade ${name}`) } : {}),
    });
  }
  return found;
}

export const machineChecks: readonly Check[] = [
  {
    id: 'D25',
    budgetMs: 1_000,
    platforms: ['linux'],
    real: true,
    run: ({ system }) => browserPackages(system),
  },
  {
    id: 'D28',
    budgetMs: 1_500,
    run: async ({ system, signal, world }) => {
      if ((await loopback(world.quietPort ?? quietPort, signal)) === 'free') return [];
      return [{ cause: 'loopback-blocked', parameters: { program: await protectionName(system) } }];
    },
  },
  {
    id: 'D29',
    budgetMs: 2_600,
    run: async (context) => [
      ...(await ownParts(context)),
      ...(await disk(context.system)),
      ...locale(context.system),
    ],
  },
  { id: 'D30', budgetMs: 1_000, platforms: ['linux'], real: true, run: versions },
];
