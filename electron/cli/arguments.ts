/** The command line's words and options. */
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { Failure } from '../contract/failures/failure.ts';
import { languages } from '../contract/text/languages.ts';

export interface CliOptions {
  readonly json: boolean;
  readonly lang: string | undefined;
  /** `CARD[:VARIANT]`, the default card for a bare `--sandbox`, or undefined without it. */
  readonly sandbox: string | undefined;
  readonly reader: string | undefined;
  /** Absolute path or name of a PKCS#11 module that shows the cards, in place of PC/SC. */
  readonly module: string | undefined;
  readonly pinStdin: boolean;
  /** The person goes on although only one try is left. */
  readonly lastTry: boolean;
  /** Do not attach to a running agent. */
  readonly own: boolean;
  readonly settings: string | undefined;
  /** Address of the portal to use, one of those in the settings. */
  readonly portal: string | undefined;
  readonly help: boolean;
  readonly version: boolean;
  /** `data`: also what is hidden because somebody may be looking on. */
  readonly all: boolean;
  /** `sign`: where the signed file goes, or the folder for several. */
  readonly out: string | undefined;
  readonly overwrite: boolean;
  readonly reason: string | undefined;
  readonly location: string | undefined;
  /** `register`: what the portal wants to know. */
  readonly email: string | undefined;
  readonly phone: string | undefined;
  readonly homePhone: string | undefined;
  readonly address: string | undefined;
  /** `doctor`: a short code, checks (`D01,D02`), a check to put right, and that the person has said yes. */
  readonly explain: string | undefined;
  readonly only: string | undefined;
  readonly fix: string | undefined;
  readonly yes: boolean;
  /** Absolute path of a trace that answers in place of cards. */
  readonly replay: string | undefined;
  /** `trace record`: goes on until Ctrl-C. */
  readonly follow: boolean;
  /** `log`: how much is written from now on. */
  readonly level: string | undefined;
  /** `log`: where the log lies, and nothing else. */
  readonly path: boolean;
  /** `demo --card`. */
  readonly card: string | undefined;
}

export interface CommandLine {
  readonly words: readonly string[];
  readonly options: CliOptions;
}

/** The card that a bare `--sandbox` puts on the reader: the electronic identity card. */
export const defaultSandboxCard = 'eid';

const spec = {
  json: { type: 'boolean' },
  lang: { type: 'string' },
  sandbox: { type: 'string' },
  reader: { type: 'string' },
  module: { type: 'string' },
  'pin-stdin': { type: 'boolean' },
  'last-try': { type: 'boolean' },
  own: { type: 'boolean' },
  settings: { type: 'string' },
  portal: { type: 'string' },
  explain: { type: 'string' },
  only: { type: 'string' },
  fix: { type: 'string' },
  yes: { type: 'boolean' },
  replay: { type: 'string' },
  follow: { type: 'boolean' },
  level: { type: 'string' },
  path: { type: 'boolean' },
  all: { type: 'boolean' },
  out: { type: 'string' },
  overwrite: { type: 'boolean' },
  reason: { type: 'string' },
  location: { type: 'string' },
  email: { type: 'string' },
  phone: { type: 'string' },
  'home-phone': { type: 'string' },
  address: { type: 'string' },
  card: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
  version: { type: 'boolean', short: 'V' },
} as const;

/**
 * Parses the arguments after the program's name.
 * @throws Failure `usage` with `{argument}`, what could not be understood
 */
export function parseCommandLine(argv: readonly string[]): CommandLine {
  // `--sandbox` may stand alone, which parseArgs does not know of a string option.
  const args = argv.map((argument) =>
    argument === '--sandbox' ? `--sandbox=${defaultSandboxCard}` : argument,
  );
  let parsed: ReturnType<typeof parseArgs<{ options: typeof spec; allowPositionals: true }>>;
  try {
    parsed = parseArgs({ args, options: spec, allowPositionals: true, strict: true });
  } catch (cause) {
    const argument =
      args.find((candidate) => candidate.startsWith('-') && !isKnown(candidate)) ?? args.join(' ');
    throw new Failure('usage', { parameters: { argument }, cause });
  }
  const { values, positionals } = parsed;
  if (values.lang !== undefined && !languages.some((language) => language === values.lang)) {
    throw new Failure('usage', { parameters: { argument: `--lang=${values.lang}` } });
  }
  if (values.module === '' || (values.module !== undefined && values.sandbox !== undefined)) {
    throw new Failure('usage', { parameters: { argument: `--module=${values.module}` } });
  }
  const worlds = [values.module, values.sandbox, values.replay].filter((world) => world !== undefined);
  if (values.replay === '' || (values.replay !== undefined && worlds.length > 1)) {
    throw new Failure('usage', { parameters: { argument: `--replay=${values.replay}` } });
  }
  return {
    words: positionals,
    options: {
      json: values.json ?? false,
      lang: values.lang,
      sandbox: values.sandbox,
      reader: values.reader,
      module: moduleOf(values.module),
      pinStdin: values['pin-stdin'] ?? false,
      lastTry: values['last-try'] ?? false,
      own: values.own ?? false,
      settings: values.settings,
      portal: values.portal,
      explain: values.explain,
      only: values.only,
      fix: values.fix,
      yes: values.yes ?? false,
      replay: values.replay === undefined ? undefined : resolve(values.replay),
      follow: values.follow ?? false,
      level: values.level,
      path: values.path ?? false,
      all: values.all ?? false,
      out: values.out,
      overwrite: values.overwrite ?? false,
      reason: values.reason,
      location: values.location,
      email: values.email,
      phone: values.phone,
      homePhone: values['home-phone'],
      address: values.address,
      help: values.help ?? false,
      version: values.version ?? false,
      card: values.card,
    },
  };
}

/** A path, made absolute because the agent's folder may be another; a name (`opensc`) as it is. */
function moduleOf(value: string | undefined): string | undefined {
  return value === undefined || /^[a-z0-9]+$/.test(value) ? value : resolve(value);
}

function isKnown(argument: string): boolean {
  const name = argument.replace(/^--?/, '').split('=')[0] ?? '';
  return Object.entries(spec).some(
    ([long, option]) => name === long || ('short' in option && name === option.short),
  );
}
