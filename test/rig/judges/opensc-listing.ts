/** One object as OpenSC's tools list it: a heading, and indented `Key : value` lines. */
export interface ListedObject {
  /** The heading without the label: `PIN`, `Private RSA Key`, `X.509 Certificate`, `Certificate Object; type = X.509 cert`. */
  readonly kind: string;
  /** What stands in brackets in the heading (pkcs15-tool), else empty. */
  readonly label: string;
  readonly fields: Readonly<Record<string, string>>;
}

/** Reads the listings of pkcs15-tool and pkcs11-tool. Lines that are neither heading nor field are passed over. */
export function parseListing(text: string): ListedObject[] {
  const objects: { kind: string; label: string; fields: Record<string, string> }[] = [];
  for (const line of text.split('\n')) {
    const field = /^\s+([^:]+?)\s*:\s*(.*?)\s*$/.exec(line);
    if (field) {
      const object = objects.at(-1);
      if (object) object.fields[field[1] as string] = field[2] as string;
      continue;
    }
    const heading = /^(\S.*?)(?:\s*\[(.*)\])?\s*$/.exec(line);
    if (heading) objects.push({ kind: heading[1] as string, label: heading[2] ?? '', fields: {} });
  }
  return objects.filter((object) => Object.keys(object.fields).length > 0);
}
