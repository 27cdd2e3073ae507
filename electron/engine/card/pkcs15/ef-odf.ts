import { Failure } from '../../../contract/failures/failure.ts';
import { Asn1Tag } from '../der.ts';
import { readTlvList, type Tlv } from '../tlv.ts';
import type { Pkcs15Path } from './model.ts';
import { parsePath } from './path.ts';

/** Entries taken from EF.ODF, at most. */
const maxEntries = 32;

/** What a directory file lists. */
export type DirectoryKind =
  | 'private-keys'
  | 'public-keys'
  | 'trusted-public-keys'
  | 'secret-keys'
  | 'certificates'
  | 'trusted-certificates'
  | 'useful-certificates'
  | 'data'
  | 'authentication';

const kinds = new Map<number, DirectoryKind>([
  [0xa0, 'private-keys'],
  [0xa1, 'public-keys'],
  [0xa2, 'trusted-public-keys'],
  [0xa3, 'secret-keys'],
  [0xa4, 'certificates'],
  [0xa5, 'trusted-certificates'],
  [0xa6, 'useful-certificates'],
  [0xa7, 'data'],
  [0xa8, 'authentication'],
]);

/** One entry of EF.ODF: a directory file by its path, or the objects themselves. */
export type OdfEntry = { readonly kind: DirectoryKind } & (
  | { readonly path: Pkcs15Path; readonly objects?: undefined }
  | { readonly objects: Uint8Array; readonly path?: undefined }
);

/**
 * EF.ODF (5031), ISO 7816-15, 8.3: `[0] privateKeys … [8] authObjects`, each a Path or `[0] SEQUENCE OF` objects.
 * Tags beyond these are passed over.
 * @throws Failure `card-malformed` for broken data or more than 32 entries.
 */
export function parseOdf(bytes: Uint8Array): OdfEntry[] {
  const entries: OdfEntry[] = [];
  for (const object of readTlvList(bytes, { padding: true })) {
    const kind = kinds.get(object.tag);
    if (!kind) continue;
    for (const content of object.children()) {
      const entry = parseEntry(kind, content);
      if (entry) entries.push(entry);
      if (entries.length > maxEntries) {
        throw new Failure('card-malformed', { detail: `more than ${maxEntries} entries in EF.ODF` });
      }
    }
  }
  return entries;
}

function parseEntry(kind: DirectoryKind, content: Tlv): OdfEntry | undefined {
  if (content.tag === 0xa0) return { kind, objects: content.value };
  if (content.tag !== Asn1Tag.sequence) {
    throw new Failure('card-malformed', { detail: `tag ${content.tag.toString(16)} in EF.ODF` });
  }
  const path = parsePath(content);
  return path && { kind, path };
}
