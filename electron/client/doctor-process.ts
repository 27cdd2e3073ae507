/** Runs the doctor in a process of its own, when there is no agent that could. */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { type DoctorReport, doctorReportSchema } from '../contract/diagnostics/doctor.ts';
import { compileCacheEnvironment } from './compile-cache.ts';

const entry = fileURLToPath(new URL('../engine/diagnostics/alone.ts', import.meta.url));
const timeoutMs = 8_000;
const maxBytes = 1024 * 1024;

/** The report, or undefined when not even this works. @param code why there is no agent */
export function examineAlone(options: {
  readonly code: string;
  readonly settings?: string | undefined;
  readonly only?: readonly string[] | undefined;
}): Promise<DoctorReport | undefined> {
  const args = [
    `--code=${options.code}`,
    ...(options.settings === undefined ? [] : [`--settings=${options.settings}`]),
    ...(options.only === undefined ? [] : [`--only=${options.only.join(',')}`]),
  ];
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [...process.execArgv, entry, ...args], {
      env: { ...process.env, ...compileCacheEnvironment },
      stdio: ['ignore', 'pipe', 'ignore'],
      windowsHide: true,
    });
    const timer = setTimeout(() => child.kill('SIGKILL'), timeoutMs);
    let printed = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      printed += text;
      if (printed.length > maxBytes) child.kill('SIGKILL');
    });
    child.once('error', () => resolve(undefined));
    child.once('close', () => {
      clearTimeout(timer);
      resolve(reportOf(printed));
    });
  });
}

function reportOf(printed: string): DoctorReport | undefined {
  try {
    return doctorReportSchema.parse(JSON.parse(printed));
  } catch {
    return undefined;
  }
}
