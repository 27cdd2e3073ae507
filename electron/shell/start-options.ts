/** What the window is started with. */
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { AgentArguments } from '../client/agent-process.ts';
import { Failure } from '../contract/failures/failure.ts';
import { type Language, languages } from '../contract/text/languages.ts';

export interface StartOptions {
  readonly agent: AgentArguments;
  /** Chosen by the person; otherwise Electron, and Chromium where there is none. */
  readonly host: 'electron' | 'chromium' | undefined;
  readonly kiosk: boolean;
  readonly headless: boolean;
  readonly language: Language | undefined;
  readonly help: boolean;
  readonly version: boolean;
}

const spec = {
  sandbox: { type: 'string' },
  reader: { type: 'string' },
  module: { type: 'string' },
  settings: { type: 'string' },
  portal: { type: 'string' },
  host: { type: 'string' },
  kiosk: { type: 'boolean' },
  headless: { type: 'boolean' },
  lang: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
  version: { type: 'boolean' },
} as const;

/** @throws Failure `usage` with `{argument}`, what could not be understood */
export function parseStartOptions(argv: readonly string[]): StartOptions {
  const args = argv.map((argument) => (argument === '--sandbox' ? '--sandbox=eid' : argument));
  let values: ReturnType<typeof parseArgs<{ options: typeof spec }>>['values'];
  try {
    values = parseArgs({ args, options: spec, strict: true }).values;
  } catch (cause) {
    const known = (argument: string) => Object.hasOwn(spec, argument.replace(/^--/, '').replace(/=.*$/s, ''));
    const argument = args.find((candidate) => !known(candidate)) ?? args.join(' ');
    throw new Failure('usage', { parameters: { argument }, cause });
  }
  const { sandbox, reader, module, settings, portal, host, lang } = values;
  const language = languages.find((one) => one === lang);
  if (lang !== undefined && language === undefined) throw unusable(`--lang=${lang}`);
  if (host !== undefined && host !== 'electron' && host !== 'chromium') throw unusable(`--host=${host}`);
  if (module !== undefined && (module === '' || sandbox !== undefined)) throw unusable(`--module=${module}`);
  return {
    agent: {
      ...(sandbox === undefined ? {} : { sandbox }),
      ...(reader === undefined ? {} : { reader }),
      // A path is made absolute, a name (`opensc`) stays.
      ...(module === undefined ? {} : { module: /^[a-z0-9]+$/.test(module) ? module : resolve(module) }),
      ...(settings === undefined ? {} : { settings }),
      ...(portal === undefined ? {} : { portal }),
    },
    host,
    kiosk: values.kiosk ?? false,
    headless: values.headless ?? false,
    language,
    help: values.help ?? false,
    version: values.version ?? false,
  };
}

const unusable = (argument: string): Failure => new Failure('usage', { parameters: { argument } });
