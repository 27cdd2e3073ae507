/** The doctor: examines, tells by short code, and makes those changes that a program may make. */
import { type CauseCode, type CheckId, causes } from '../../../contract/diagnostics/causes.ts';
import type { DoctorReport } from '../../../contract/diagnostics/doctor.ts';
import type { Finding, FindingFix } from '../../../contract/diagnostics/finding.ts';
import { makeShortCode } from '../../../contract/diagnostics/short-code.ts';
import { Failure } from '../../../contract/failures/failure.ts';
import { allChecks } from '../checks/all-checks.ts';
import type { Check } from './check.ts';
import { toldCauses } from './order.ts';
import { runChecks } from './runner.ts';
import type { DoctorWorld } from './world.ts';

/** A change by a program of the system may wait for a password. */
const changeMs = 120_000;

export interface RunOptions {
  readonly reader?: string | undefined;
  readonly only?: readonly CheckId[] | undefined;
  readonly signal?: AbortSignal | undefined;
}

export class Doctor {
  readonly #world: DoctorWorld;
  readonly #release: { readonly major: number; readonly minor: number };
  readonly #checks: readonly Check[];

  /** @param version of this program, as in package.json */
  constructor(world: DoctorWorld, version: string, checks: readonly Check[] = allChecks) {
    const [major = 0, minor = 0] = version.split('.').map(Number);
    this.#world = world;
    this.#release = { major, minor };
    this.#checks = checks;
  }

  /** Runs all checks, or some. Never rejects but with `cancelled`. */
  async run({ reader, only, signal }: RunOptions = {}): Promise<DoctorReport> {
    const started = performance.now();
    const checks = only === undefined ? this.#checks : this.#checks.filter(({ id }) => only.includes(id));
    // A simulated portal is started when it is first asked for, which is no part of any check.
    if (this.#world.simulated) await this.#world.portal?.().catch(() => undefined);
    const findings = await runChecks(checks, this.#world, { reader, signal });
    if (signal?.aborted) throw new Failure('cancelled');
    const { platform } = this.#world.system;
    return {
      version: 1,
      simulated: this.#world.simulated,
      findings: [...findings],
      code: makeShortCode({ platform, release: this.#release, causes: toldCauses(findings) }),
      durationMs: Math.round(performance.now() - started),
    };
  }

  /**
   * Makes the change that a check proposes for a cause. The check runs again first, and nothing is done unless it
   * proposes exactly what the person was shown.
   * @throws Failure `doctor-fix-none`, `doctor-fix-failed`, `cancelled`
   */
  async fix(
    {
      id,
      cause,
      lines,
    }: { readonly id: CheckId; readonly cause: CauseCode; readonly lines: readonly string[] },
    signal: AbortSignal,
  ): Promise<{ solved: boolean; findings: Finding[] }> {
    if (causes[cause].check !== id) throw new Failure('doctor-fix-none');
    const now = await this.run({ only: [id], signal });
    const fix = now.findings.find((finding) => finding.cause === cause)?.fix;
    if (!fix?.byApp || fix.lines.join('\n') !== lines.join('\n')) throw new Failure('doctor-fix-none');
    await this.#apply(fix, AbortSignal.any([signal, AbortSignal.timeout(changeMs)]));
    const { findings } = await this.run({ only: [id], signal });
    return { solved: !findings.some((finding) => finding.cause === cause), findings };
  }

  async #apply(fix: FindingFix, signal: AbortSignal): Promise<void> {
    const { system } = this.#world;
    try {
      if (fix.kind === 'setting') {
        const file = (fix.file ?? '').replace(/^~(?=\/)/, system.home);
        const present = ((await system.text(file)) ?? '').split('\n').map((line) => line.trim());
        const missing = fix.lines.filter((line) => !present.includes(line));
        if (missing.length > 0) await system.append(file, missing);
        for (const command of fix.afterwards ?? []) await this.#command(command, signal);
        return;
      }
      for (const line of fix.lines) await this.#command(line, signal);
    } catch (thrown) {
      if (thrown instanceof Failure) throw thrown;
      const { code, name } = thrown as NodeJS.ErrnoException;
      throw new Failure('doctor-fix-failed', { parameters: { reason: code ?? name }, cause: thrown });
    }
  }

  /** Runs one shown command, without a shell: `sudo` becomes the desktop's own question for the password. */
  async #command(line: string, signal: AbortSignal): Promise<void> {
    const [first = '', ...rest] = line.split(' ');
    const asRoot = first === 'sudo' && process.getuid?.() !== 0;
    const words = first === 'sudo' ? rest : [first, ...rest];
    const [program = '', ...args] = asRoot ? ['pkexec', ...words] : words;
    const answer = await this.#world.system.run(program, args, signal);
    if (answer === undefined) throw new Failure('doctor-fix-failed', { parameters: { reason: program } });
    if (answer.code !== 0) {
      throw new Failure('doctor-fix-failed', { parameters: { reason: `${program} ${answer.code}` } });
    }
  }
}
