import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ana } from '../../electron/sandbox/people.ts';
import type { SandboxAuthority } from '../../electron/sandbox/pki/authority.ts';
import { askJudgeToAccept } from './judges/judge.ts';
import { findModule } from './judges/pkcs11-tool.ts';
import { makeScratchFolder, removeScratchFolder } from './scratch-folder.ts';

export type KeyShape = 'RSA-2048' | 'RSA-4096' | 'P-256' | 'P-384';

/** A key with its certificate, to be put on a token. */
export interface SoftKey {
  /** `CKA_ID`, hex. */
  readonly id: string;
  readonly shape: KeyShape;
  readonly role: 'authentication' | 'signature';
}

export interface StoredKey extends SoftKey {
  readonly certificate: Uint8Array;
}

/**
 * SoftHSM with its tokens in a scratch folder: the PKCS#11 module of Debian's `softhsm2`. It never locks a PIN.
 * Made by softhsm2-util and pkcs11-tool.
 */
export class SoftHsm {
  readonly #folder = makeScratchFolder();

  constructor() {
    mkdirSync(join(this.#folder, 'tokens'));
    const lines = [`directories.tokendir = ${join(this.#folder, 'tokens')}`, 'log.level = ERROR'];
    writeFileSync(join(this.#folder, 'softhsm2.conf'), `${lines.join('\n')}\n`);
  }

  /** Path of the module. */
  get module(): string {
    return findModule('libsofthsm2.so') ?? '';
  }

  /** What a program that loads the module needs in its environment. */
  get environment(): { SOFTHSM2_CONF: string } {
    return { SOFTHSM2_CONF: join(this.#folder, 'softhsm2.conf') };
  }

  /** Makes a token with keys, and certificates of the authority for the sandbox's first person. */
  async addToken(
    label: string,
    codes: { readonly pin: string; readonly puk: string },
    keys: readonly SoftKey[],
    authority: SandboxAuthority,
  ): Promise<readonly StoredKey[]> {
    const secrets = { JUDGE_PIN: codes.pin, JUDGE_PUK: codes.puk };
    const run = (script: string, files: Record<string, string | Uint8Array> = {}) =>
      askJudgeToAccept('sh', ['-c', script], { environment: this.environment, secrets, files });
    await run(
      `softhsm2-util --init-token --free --label '${label}' --so-pin "$JUDGE_PUK" --pin "$JUDGE_PIN"`,
    );
    const stored: StoredKey[] = [];
    for (const key of keys) {
      const { privateKey, publicKey } = makeKey(key.shape);
      const certificate = await authority.issueHolder({ person: ana, publicKey, role: key.role });
      const names = `--token '${label}' --id ${key.id} --label ${key.role}`;
      await run(`softhsm2-util --import key ${names} --pin "$JUDGE_PIN"`, {
        key: privateKey.export({ type: 'pkcs8', format: 'pem' }) as string,
      });
      const tool = `pkcs11-tool --module '${this.module}' --token-label '${label}' --login --pin env:JUDGE_PIN`;
      await run(`${tool} --write-object certificate --type cert --id ${key.id} --label ${key.role}`, {
        certificate,
      });
      stored.push({ ...key, certificate });
    }
    return stored;
  }

  dispose(): void {
    removeScratchFolder(this.#folder);
  }
}

function makeKey(shape: KeyShape): { privateKey: KeyObject; publicKey: KeyObject } {
  return shape === 'P-256' || shape === 'P-384'
    ? generateKeyPairSync('ec', { namedCurve: shape })
    : generateKeyPairSync('rsa', { modulusLength: Number(shape.slice(4)) });
}
