import type { PinJson } from '../../electron/contract/model/card.ts';
import { useText, type WindowText } from '../app/text.tsx';

/** Tries left in words. */
export function triesText(tries: PinJson['tries'], { t }: WindowText): string {
  if (typeof tries === 'number') return tries === 0 ? t('tries.blocked') : t('tries.left', { count: tries });
  return t(`tries.${tries}`);
}

/** Tries left: a round mark each for PIN1, a diamond for PIN2, and the number in words. */
export function TriesMarks({
  pin,
  tries,
}: {
  readonly pin: PinJson['name'];
  readonly tries: PinJson['tries'];
}) {
  const text = useText();
  const count = tries === 'last' ? 1 : typeof tries === 'number' ? Math.min(tries, 10) : 0;
  return (
    <span className="tries" data-pin={pin}>
      {count > 0 && (
        <span className="tries-marks" aria-hidden="true">
          {Array.from({ length: count }, (_, mark) => mark).map((mark) => (
            <i key={mark} />
          ))}
        </span>
      )}
      {triesText(tries, text)}
    </span>
  );
}
