/** Commands that only look: readers, status, certificates. */
import { Failure } from '../../contract/failures/failure.ts';
import { failureFromWire } from '../../contract/model/failure.ts';
import { type Command, readerParameter, refuseWords } from '../command.ts';
import { certificateLines } from '../print/certificates.ts';
import { readerLines, statusLines } from '../print/status.ts';

export const readersCommand: Command = (words) => {
  refuseWords(words);
  return async (context) => {
    const { client, out, signal } = context;
    const { service, readers, problem } = await client.request('status', {}, { signal });
    if (service.state !== 'running')
      throw problem ? failureFromWire(problem) : new Failure(`service-${service.state}`);
    out.result({ readers }, () => readerLines(readers, out.text));
    return 0;
  };
};

export const statusCommand: Command = (words) => {
  refuseWords(words);
  return async (context) => {
    const { client, out, signal } = context;
    const { problem, ...status } = await client.request('status', readerParameter(context), { signal });
    const failure = problem && failureFromWire(problem);
    const shown = failure ? { ...status, problem: out.text.failure(failure) } : status;
    out.result(shown, () => statusLines(status, failure, out.text));
    return 0;
  };
};

export const certificatesCommand: Command = (words) => {
  refuseWords(words);
  return async (context) => {
    const { client, out, signal } = context;
    const { token, problem } = await client.request('status', readerParameter(context), { signal });
    if (!token) throw problem ? failureFromWire(problem) : new Failure('card-absent');
    const { certificates } = token;
    out.result({ certificates }, () => certificateLines(token, out.text));
    return 0;
  };
};
