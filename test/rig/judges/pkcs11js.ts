import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { askJudgeToAccept } from './judge.ts';

/**
 * pkcs11js: the PKCS#11 binding for Node that others use, as a second opinion about what a module shows and signs.
 * It is compiled when it is installed, so it is no dependency: the preparation of the machine installs it aside.
 */

const folder = fileURLToPath(new URL('../../../out/pkcs11js', import.meta.url));
const version = '2.1.7';

/** Whether it has been installed and compiled. */
export function pkcs11jsReady(): boolean {
  return existsSync(join(folder, 'node_modules', 'pkcs11js', 'build', 'Release', 'pkcs11.node'));
}

/** Installs and compiles it. @throws Error with npm's words */
export function installPkcs11js(): void {
  mkdirSync(folder, { recursive: true });
  const quiet = ['--no-audit', '--no-fund', '--no-package-lock', '--no-save'];
  try {
    execFileSync('npm', ['install', ...quiet, '--prefix', folder, `pkcs11js@${version}`], {
      cwd: folder,
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: 300_000,
    });
  } catch (error) {
    const words = (error as { stderr?: Buffer }).stderr?.toString().trim().split('\n').at(-1);
    throw new Error(words || String(error));
  }
  if (!pkcs11jsReady()) throw new Error('pkcs11js was not compiled');
}

export interface JudgedToken {
  readonly label: string;
  readonly serial: string;
  /** `CKA_ID` and value of its certificates, hex. */
  readonly certificates: readonly { readonly id: string; readonly value: string }[];
  /** The signature of the key that was asked for, hex. */
  readonly signature?: string;
}

export interface JudgeRequest {
  readonly module: string;
  readonly environment?: Readonly<Record<string, string>>;
  /** Signs with the key of this `CKA_ID` (hex) on the token of this label. */
  readonly sign?: {
    readonly label: string;
    readonly pin: string;
    readonly id: string;
    readonly mechanism: 'CKM_RSA_PKCS' | 'CKM_ECDSA';
    readonly data: Uint8Array;
  };
}

/** Lists all tokens with their certificates, and signs. It has a process of its own, since its calls block. */
export async function askPkcs11js({ module, environment, sign }: JudgeRequest): Promise<JudgedToken[]> {
  const request = {
    library: join(folder, 'node_modules', 'pkcs11js'),
    module,
    sign: sign && { label: sign.label, id: sign.id, mechanism: sign.mechanism },
  };
  const script = fileURLToPath(new URL('./pkcs11js-main.ts', import.meta.url));
  const verdict = await askJudgeToAccept(process.execPath, [script, JSON.stringify(request)], {
    environment: environment ?? {},
    ...(sign ? { secrets: { JUDGE_PIN: sign.pin }, files: { data: sign.data } } : {}),
  });
  return JSON.parse(verdict.text) as JudgedToken[];
}
