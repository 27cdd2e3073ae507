import type { PinJson } from '../../contract/model/card.ts';
import type { Text } from '../../contract/text/text.ts';

export function pinLines(pins: readonly PinJson[], text: Text): string[] {
  return pins.map((pin) => {
    const { min, max } = pin.length;
    const tries =
      typeof pin.tries === 'number'
        ? text.t('tries.count', { count: pin.tries })
        : text.t(`tries.${pin.tries}`);
    const change = pin.changeFirst ? `; ${text.t('pin.change-first')}` : '';
    return `${pin.name} (${text.t(`pin.role.${pin.role}`)}): ${text.t(min === max ? 'pin.length.exact' : 'pin.length.range', { min, max })}; ${tries}${change}`;
  });
}
