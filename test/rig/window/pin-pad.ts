import type { ChromiumRig } from './chromium-rig.ts';
import type { PageDriver } from './page-driver.ts';

/** Clicks the digits on the pad of the open PIN window. The mouse tells where it clicked, not what stands there. */
export async function clickDigits(pin: PageDriver, digits: string): Promise<void> {
  for (const digit of digits) await pin.click('button', digit);
}

/** Answers the next question for a PIN, and presses the button of that name. */
export async function answerPin(rig: ChromiumRig, digits: string, button: string): Promise<void> {
  const pin = await rig.pin();
  await clickDigits(pin, digits);
  await pin.click('button', button);
}

/** Chooses a new PIN in the open PIN window: twice, as it asks. */
export async function chooseNewPin(rig: ChromiumRig, digits: string): Promise<void> {
  const pin = await rig.pin('Choose the new');
  await clickDigits(pin, digits);
  await pin.click('button', 'Continue');
  await pin.shows('once more');
  await clickDigits(pin, digits);
  await pin.click('button', 'Change');
}

/** All the forms in which digits could be found in what passes between processes. */
export function formsOf(digits: string): string[] {
  const plain = Buffer.from(digits, 'ascii');
  const wide = Buffer.from(digits, 'utf16le');
  const spaced = [...digits].join(',');
  return [
    digits,
    spaced,
    [...digits].map((digit) => `"${digit}"`).join(','),
    [...plain].join(','),
    plain.toString('hex'),
    wide.toString('hex'),
    // Base64 shows another face at each of the three positions; what is common to all that surrounds it stays.
    ...[0, 1, 2].flatMap((shift) =>
      [plain, wide].map((bytes) => {
        const text = Buffer.concat([Buffer.alloc(shift), bytes])
          .toString('base64')
          .replace(/=+$/, '');
        return text.slice(Math.ceil((shift * 8) / 6), Math.floor(((shift + bytes.length) * 8) / 6));
      }),
    ),
  ];
}
