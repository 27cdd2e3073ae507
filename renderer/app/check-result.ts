import { Failure } from '../../electron/contract/failures/failure.ts';
import {
  type PageMethodName,
  type PageResult,
  pageMethods,
} from '../../electron/contract/pages/page-messages.ts';
import { maxAccesses } from '../../electron/contract/portal/services.ts';

/** Items checked in one go: some milliseconds of work. */
const slice = 400;

/**
 * A result as the contract has it. Long answers are checked a slice at a time, so that the window stays awake.
 * @throws Failure `contract-violation` for a result that is none
 */
export async function checkedResult<M extends PageMethodName>(
  method: M,
  result: unknown,
): Promise<PageResult<M>> {
  if (!hasItems(result) || result.items.length <= slice) return check(method, result);
  const { items } = result;
  if (items.length > maxAccesses) throw violation(method);
  const checked: unknown[] = [];
  let part = check(method, { ...result, items: [] });
  for (let from = 0; from < items.length; from += slice) {
    part = check(method, { ...result, items: items.slice(from, from + slice) });
    if (hasItems(part)) checked.push(...part.items);
    await new Promise((resolve) => setTimeout(resolve, 0));
  }
  return { ...part, items: checked } as PageResult<M>;
}

const violation = (method: PageMethodName) =>
  new Failure('contract-violation', { detail: `result of ${method}` });

const hasItems = (value: unknown): value is { items: unknown[] } =>
  typeof value === 'object' && value !== null && 'items' in value && Array.isArray(value.items);

function check<M extends PageMethodName>(method: M, result: unknown): PageResult<M> {
  const parsed = pageMethods[method].result.safeParse(result);
  if (!parsed.success) throw violation(method);
  return parsed.data as PageResult<M>;
}
