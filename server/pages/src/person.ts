// The QR of an ID card as a reader types it: number|old number|name|birth ddmmyyyy|sex|address|issued ddmmyyyy.

export interface Card {
  personal_id: string; old_id: string; name: string; birth: string; sex: string; address: string; issued: string;
}
export type CardReading = { kind: 'none' } | { kind: 'card'; card: Card } | { kind: 'garbled'; why: string };

const day = (digits: string): string => `${digits.slice(0, 2)}/${digits.slice(2, 4)}/${digits.slice(4, 8)}`;
const is_day = (digits: string): boolean =>
  /^(0[1-9]|[12]\d|3[01])(0[1-9]|1[0-2])(19|20)\d\d$/.test(digits);

/** Whole strings only: while a reader is still typing it says "none". */
export function read_card(typed: string): CardReading {
  const parts = typed.normalize('NFC').trim().split('|').map((part) => part.trim());
  if (parts.length < 6 || parts.length === 6 && !/^\d{8}$/.test(parts[5] ?? ''))
    return { kind: 'none' };
  if (parts.length === 6) /* cards without an old number leave its place out */
    parts.splice(1, 0, '');
  const [personal_id = '', old_id = '', name = '', birth = '', sex = '', address = '', issued = ''] = parts;
  if (issued.length < 8)
    return { kind: 'none' };
  if (!/^0\d{11}$/.test(personal_id) || !is_day(birth) || !is_day(issued) || !/^(Nam|Nữ)$/i.test(sex) ||
      name === '' || /[0-9\ufffd?]/.test(name))
    return {
      kind: 'garbled',
      why: 'Chuỗi quét từ thẻ căn cước bị sai chữ, thường vì bộ gõ tiếng Việt đang bật. Tắt bộ gõ rồi quét lại.',
    };
  return { kind: 'card', card: { personal_id, old_id, name, birth: day(birth), sex, address, issued: day(issued) } };
}

/** Where the reader began to type: behind what the field held, or at a number of twelve digits. */
export function card_start(typed: string, before: string): number {
  if (before !== '' && typed.startsWith(before))
    return before.length;
  return Math.max(0, typed.search(/(?<!\d)0\d{11}\|/));
}
