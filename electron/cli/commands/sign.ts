/** `sign FILE…`: PDF documents, signed with PIN2. */
import { statSync } from 'node:fs';
import path from 'node:path';
import { Failure } from '../../contract/failures/failure.ts';
import { failureFromWire } from '../../contract/model/failure.ts';
import type { SigningRequest } from '../../contract/model/signing.ts';
import { type Command, readerParameter } from '../command.ts';
import { signingLines } from '../print/documents.ts';

export const signCommand: Command = (words) => {
  if (words.length === 0) throw new Failure('usage', { parameters: { argument: 'sign' } });
  return async (context) => {
    const { client, out, options, signal } = context;
    const { overwrite, reason, location } = options;
    const request = {
      ...readerParameter(context),
      documents: documentsOf(words, options.out),
      overwrite,
      ...(reason === undefined ? {} : { reason }),
      ...(location === undefined ? {} : { location }),
    };
    const { results } = await client.request('sign.documents', request, { signal });
    const told = results.map((result) =>
      'failure' in result
        ? { input: result.input, failure: out.text.failure(failureFromWire(result.failure)) }
        : result,
    );
    out.result({ results: told }, () => signingLines({ results }, out.text));
    const failed = results.find((result) => 'failure' in result);
    return failed ? failureFromWire(failed.failure).entry.exit : 0;
  };
};

/** Paths made absolute: the agent's folder may be another. */
function documentsOf(words: readonly string[], out: string | undefined): SigningRequest['documents'] {
  const inputs = words.map((word) => path.resolve(word));
  if (out === undefined) return inputs.map((input) => ({ input }));
  const target = path.resolve(out);
  const isFolder = statSync(target, { throwIfNoEntry: false })?.isDirectory() ?? false;
  if (isFolder) {
    const outputs = inputs.map((input) => path.join(target, path.basename(input)));
    // Two inputs of one name would become one file.
    const twice = outputs.find((output, index) => outputs.indexOf(output) !== index);
    if (twice !== undefined) throw new Failure('usage', { parameters: { argument: twice } });
    return inputs.map((input, index) => ({ input, output: outputs[index] as string }));
  }
  const [input, ...rest] = inputs;
  if (input === undefined || rest.length > 0) {
    throw new Failure('usage', { parameters: { argument: `--out=${out}` } });
  }
  return [{ input, output: target }];
}
