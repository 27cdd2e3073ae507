import { Failure } from '../../../contract/failures/failure.ts';
import { cardText } from '../der.ts';
import { readTlvList, type Tlv } from '../tlv.ts';
import type { Pkcs15Application } from './model.ts';
import { isAbsolute } from './path.ts';

/** Applications taken from EF.DIR, at most. */
const maxApplications = 16;

/**
 * EF.DIR (2F00): application templates `61 { 4F aid, 50 label, 51 path, 73 … }` (ISO 7816-4, 12.2.3.3). Other data
 * objects are passed over, as are templates that name neither an AID nor a path.
 * @throws Failure `card-malformed` for broken data or more than 16 applications.
 */
export function parseEfDir(bytes: Uint8Array): Pkcs15Application[] {
  const applications = readTlvList(bytes, { padding: true })
    .filter(({ tag }) => tag === 0x61)
    .map(parseTemplate)
    .filter(({ aid, path }) => aid !== undefined || path !== undefined);
  if (applications.length > maxApplications) {
    throw new Failure('card-malformed', { detail: `${applications.length} applications in EF.DIR` });
  }
  return applications;
}

function parseTemplate(template: Tlv): Pkcs15Application {
  const aid = template.find(0x4f)?.value;
  if (aid && (aid.length === 0 || aid.length > 16)) {
    throw new Failure('card-malformed', { detail: `an application identifier of ${aid.length} bytes` });
  }
  const label = template.find(0x50)?.value;
  return {
    aid,
    label: label ? cardText(label) : '',
    path: applicationPath(template.find(0x51)?.value),
  };
}

/** Paths in EF.DIR begin at the MF, with or without saying 3F00. What cannot be a path is as good as none. */
function applicationPath(value: Uint8Array | undefined): Uint8Array | undefined {
  if (!value || value.length === 0 || value.length % 2 !== 0 || value.length > 14) return undefined;
  return isAbsolute(value) ? value : Uint8Array.of(0x3f, 0x00, ...value);
}
