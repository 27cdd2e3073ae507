/** One call of the `buletin` command: arguments, an agent, a command, an exit code. */
import { asFailure, Failure } from '../contract/failures/failure.ts';
import type { PinPrompt } from '../contract/model/status.ts';
import { chooseLanguage } from '../contract/text/languages.ts';
import { createText } from '../contract/text/text.ts';
import { connectToAgent } from './agent-connection.ts';
import { type CommandLine, parseCommandLine } from './arguments.ts';
import type { Command } from './command.ts';
import { certificatesCommand, readersCommand, statusCommand } from './commands/card.ts';
import { demoCommand } from './commands/demo.ts';
import { runDoctor } from './commands/doctor.ts';
import { logCommand } from './commands/log.ts';
import { pinCommand, signDigestCommand } from './commands/pin.ts';
import { reportCommand } from './commands/report.ts';
import { runAgent } from './commands/run-agent.ts';
import { dataCommand, loginCommand, logoutCommand, registerCommand } from './commands/session.ts';
import { signCommand } from './commands/sign.ts';
import { traceCommand } from './commands/trace.ts';
import { trainingCommand } from './commands/training.ts';
import { watchCommand } from './commands/watch.ts';
import { Output } from './output.ts';
import { PinEntry, type PinSource } from './pin-entry.ts';
import { StdinPinSource } from './pin-stdin.ts';
import { TerminalPinSource } from './pin-terminal.ts';
import { TrainingPinSource } from './pin-training.ts';
import { helpLines, versionLine } from './print/help.ts';

const commands: Readonly<Record<string, Command>> = {
  readers: readersCommand,
  status: statusCommand,
  certificates: certificatesCommand,
  pin: pinCommand,
  'sign-digest': signDigestCommand,
  sign: signCommand,
  watch: watchCommand,
  login: loginCommand,
  logout: logoutCommand,
  register: registerCommand,
  data: dataCommand,
  demo: demoCommand,
  report: reportCommand,
  training: trainingCommand,
  trace: traceCommand,
  log: logCommand,
};

/** Runs a call and returns its exit code. Never throws. */
export async function main(argv: readonly string[]): Promise<number> {
  // Known before the arguments are: a wrong argument is told in the language and form that was asked for.
  const asked = argv.find((argument) => argument.startsWith('--lang='))?.slice('--lang='.length);
  const early = new Output(argv.includes('--json'), createText(chooseLanguage(asked, process.env)));
  let line: CommandLine;
  try {
    line = parseCommandLine(argv);
  } catch (thrown) {
    return early.failure(asFailure(thrown));
  }
  const out = new Output(line.options.json, createText(chooseLanguage(line.options.lang, process.env)));
  try {
    return await run(line, out);
  } catch (thrown) {
    return out.failure(asFailure(thrown));
  }
}

async function run({ words, options }: CommandLine, out: Output): Promise<number> {
  const [name, ...rest] = words;
  if (options.version) {
    out.result({ version: versionLine() }, () => [`buletin ${versionLine()}`]);
    return 0;
  }
  if (options.help || name === 'help') {
    out.lines(helpLines(out.text));
    return 0;
  }
  if (name === 'agent' && rest.length === 0) return runAgent(options, out);
  // Also when no agent can be started: that is what it is for.
  if (name === 'doctor') return runDoctor(rest, options, out);
  const command = name === undefined ? undefined : commands[name];
  if (!name || !command) {
    if (!options.json && !name) {
      out.lines(helpLines(out.text));
      return 2;
    }
    throw new Failure('usage', { parameters: { argument: name || 'buletin' } });
  }
  const action = command(rest);
  const abort = new AbortController();
  const interrupt = () => abort.abort();
  process.once('SIGINT', interrupt);
  process.once('SIGTERM', interrupt);

  const isDemo = name === 'demo';
  const connection = await connectToAgent(isDemo ? { ...options, sandbox: 'empty' } : options);
  const source = isDemo ? new TrainingPinSource(connection.client) : pinSource(options, out);
  const entry = new PinEntry(connection.client, source);
  try {
    return await action({ ...connection, out, options, signal: abort.signal });
  } catch (thrown) {
    throw entry.explain(thrown);
  } finally {
    source.close();
    await connection.close();
    process.off('SIGINT', interrupt);
    process.off('SIGTERM', interrupt);
  }
}

function pinSource(options: CommandLine['options'], out: Output): PinSource {
  if (options.pinStdin) return new StdinPinSource(process.stdin, options.lastTry);
  if (process.stdin.isTTY) return new TerminalPinSource(process.stdin, process.stderr, out.text);
  return {
    read: (prompt: PinPrompt) =>
      Promise.reject(new Failure('pin-no-terminal', { parameters: { pin: prompt.pin } })),
    close: () => undefined,
  };
}
