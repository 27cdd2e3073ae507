/** D16, D17, D18: Windows' two services around cards, and Apple's driver. */
import type { Check, CheckAnswer, CheckContext } from '../doctor/check.ts';
import { AnswerInvalid, type SystemView } from '../system/system-view.ts';

interface WindowsService {
  readonly state: number;
  /** 4: disabled. */
  readonly start: number;
}

/** `sc.exe` prints numbers before the words, which are in Windows' language. */
async function windowsService(
  system: SystemView,
  name: string,
  signal: AbortSignal,
): Promise<WindowsService | undefined> {
  const [query, config] = await Promise.all([
    system.run('sc.exe', ['query', name], signal),
    system.run('sc.exe', ['qc', name], signal),
  ]);
  // 1060: no such service.
  if (query === undefined || query.code === 1060) return undefined;
  const state = /^\s*STATE\s*:\s*(\d)/m.exec(query.stdout)?.[1];
  const start = /^\s*START_TYPE\s*:\s*(\d)/m.exec(config?.stdout ?? '')?.[1];
  if (state === undefined || start === undefined) throw new AnswerInvalid(`sc ${name}`);
  return { state: Number(state), start: Number(start) };
}

const running = 4;
const disabled = 4;

async function smartCardService({ system, signal, facts }: CheckContext): Promise<CheckAnswer> {
  const service = await windowsService(system, 'SCardSvr', signal);
  if (service === undefined || service.start === disabled) return [{ cause: 'windows-service-disabled' }];
  if (service.state === running || (await facts.service()).running) return [];
  return [
    {
      cause: 'windows-service-stopped',
      fix: { kind: 'command', lines: ['sc start SCardSvr'], needsAdministrator: true, byApp: false },
    },
  ];
}

export const windowsAndMacosChecks: readonly Check[] = [
  { id: 'D16', budgetMs: 1_500, platforms: ['win32'], real: true, run: smartCardService },
  {
    id: 'D17',
    budgetMs: 1_500,
    platforms: ['win32'],
    real: true,
    run: async ({ system, signal, facts }) => {
      const service = await windowsService(system, 'CertPropSvc', signal);
      if (service?.state !== running) return [];
      const look = await facts.card();
      // It matters when the card was busy just now.
      const busy =
        'failure' in look && ['reader-held', 'card-timeout', 'reader-busy'].includes(look.failure.code);
      return busy ? [{ cause: 'windows-propagation-busy' }] : [];
    },
  },
  {
    id: 'D18',
    budgetMs: 1_500,
    platforms: ['darwin'],
    real: true,
    run: async ({ system, signal }) => {
      const version = await system.run('sw_vers', ['-productVersion'], signal);
      const major = Number(/^(\d+)\./.exec(version?.stdout ?? '')?.[1]);
      if (Number.isNaN(major)) throw new AnswerInvalid('sw_vers');
      if (major < 14) return [];
      const domain = '/Library/Preferences/com.apple.security.smartcard';
      const setting = await system.run('defaults', ['read', domain, 'useIFDCCID'], signal);
      if (/^(?:1|yes|true)\s*$/i.test(setting?.stdout ?? '')) return [];
      return [
        {
          cause: 'macos-driver',
          fix: {
            kind: 'command',
            lines: [`sudo defaults write ${domain} useIFDCCID -bool yes`],
            needsAdministrator: true,
            byApp: false,
          },
        },
      ];
    },
  },
];
