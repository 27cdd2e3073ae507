import { failureFromWire } from '../../contract/model/failure.ts';
import type { SigningResult } from '../../contract/model/signing.ts';
import type { Text } from '../../contract/text/text.ts';

/** What became of each document. */
export function signingLines({ results }: SigningResult, text: Text): string[] {
  return results.flatMap((result) => {
    const { input } = result;
    if ('failure' in result) {
      const { message, fix } = text.failure(failureFromWire(result.failure));
      return [`✗ ${input}`, `  ${message}`, ...fix.map((step) => `  • ${step}`)];
    }
    const { output, signer, digest } = result;
    return [
      `✓ ${input}`,
      `  ${text.t('sign.signed', { output: output })}`,
      `  ${text.t('sign.by', { name: signer.commonName })}`,
      `  ${digest.algorithm}: ${digest.value}`,
    ];
  });
}
