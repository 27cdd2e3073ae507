/** Commands that only look: readers, status, certificates. */
import { Failure } from '../../contract/failures/failure.ts';
import { failureFromWire } from '../../contract/model/failure.ts';
import type { Command } from '../command.ts';
import { certificateLines } from '../print/certificates.ts';
import { readerLines, statusLines } from '../print/status.ts';

const readerParameter = (reader: string | undefined) => (reader === undefined ? {} : { reader });

export const readersCommand: Command = async ({ client, out, signal }) => {
  const { service, readers, problem } = await client.request('status', {}, { signal });
  if (service.state !== 'running')
    throw problem ? failureFromWire(problem) : new Failure(`service-${service.state}`);
  out.result({ readers }, () => readerLines(readers, out.text));
  return 0;
};

export const statusCommand: Command = async ({ client, out, options, signal }) => {
  const { problem, ...status } = await client.request('status', readerParameter(options.reader), { signal });
  const failure = problem && failureFromWire(problem);
  const shown = failure ? { ...status, problem: out.text.failure(failure) } : status;
  out.result(shown, () => statusLines(status, failure, out.text));
  return 0;
};

export const certificatesCommand: Command = async ({ client, out, options, signal }) => {
  const { token, problem } = await client.request('status', readerParameter(options.reader), { signal });
  if (!token) throw problem ? failureFromWire(problem) : new Failure('card-absent');
  const { certificates } = token;
  out.result({ certificates }, () => certificateLines(token, out.text));
  return 0;
};
