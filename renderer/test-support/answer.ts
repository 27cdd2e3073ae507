/** What the scripted host does with a request; undefined lets it hang. */
export type Answer = { result: unknown } | { failure: string } | undefined;
