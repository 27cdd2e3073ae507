import { execFileSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { afterAll, describe, expect, it } from 'vitest';
import { distinguishedName } from '../../../../electron/engine/diagnostics/inspect/distinguished-name.ts';
import { makeScratchFolder, removeScratchFolder } from '../../../rig/scratch-folder.ts';
import { needs } from '../../../run/needs.ts';

describe.skipIf(!needs('openssl'))('distinguished names, as openssl writes them', () => {
  const folder = makeScratchFolder();
  afterAll(() => removeScratchFolder(folder));
  const openssl = (...args: string[]) => execFileSync('openssl', args, { encoding: 'utf8', cwd: folder });

  it.each([
    ['/C=MD/O=Agenția/CN=plain'],
    ['/O=Buletin, SIMULATED/CN=OCSP, one; two'],
    ['/O=back\\\\slash/CN=quote " and <angle>'],
  ])('escapes once: %s', (subject) => {
    const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', 'key.pem'];
    openssl('req', '-x509', ...key, '-out', 'certificate.pem', '-utf8', '-subj', subject);
    const printed = openssl(
      'x509',
      '-in',
      'certificate.pem',
      '-noout',
      '-subject',
      '-nameopt',
      'RFC2253,-esc_msb,utf8',
    );
    const pem = openssl('x509', '-in', 'certificate.pem');
    // openssl puts no space after the comma between two names; RFC 4514 allows one to people.
    const unspaced = distinguishedName(new X509Certificate(pem).subject).replace(
      /(?<!\\), (?=[A-Z]+=)/g,
      ',',
    );
    expect(unspaced).toBe(printed.trim().replace(/^subject=\s*/, ''));
  });
});
