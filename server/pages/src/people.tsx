// Choosing a person of a unit: who has least in hand stands first. Where the list cannot be had, a name is typed.
import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import { ask } from './api';
import { Choice, Field, type Faults } from './field';
import type { PeopleList, PersonOfUnit } from './types';

/** Somebody of another unit of the same agency: his name is typed. */
const OTHER = '…';

export function PersonChoice({ label, unit, role, value, set, pointer, faults, is_required, but, class: wide }: {
  label: string; unit: string; role: string | null; value: string; set: (username: string) => void; pointer: string;
  faults: Faults; is_required: boolean; but: string; class?: string;
}): JSX.Element {
  const people = useSignal<readonly PersonOfUnit[] | null>(null), is_typed = useSignal(false);
  useEffect(() => {
    people.value = null;
    is_typed.value = false;
    if (unit !== '')
      ask<PeopleList>(`agencies/${encodeURIComponent(unit)}/people${role === null ? '' : `?role=${role}`}`)
        .then(({ items }) => { people.value = items.filter((one) => one.username !== but); })
        .catch(() => { is_typed.value = true; });
  }, [unit, role]);
  const take = (chosen: string): void => {
    is_typed.value = chosen === OTHER;
    set(chosen === OTHER ? '' : chosen);
  };
  if (is_typed.value)
    return <Field label={`${label} (tên đăng nhập)`} value={value} set={set} pointer={pointer} faults={faults}
      is_required={is_required} class={wide ?? ''} />;
  const known = people.value ?? [];
  return <Choice label={`${label}${is_required ? ' *' : ''}`} value={value} set={take} pointer={pointer} faults={faults} class={wide ?? ''}
    of={[['', people.value === null ? 'Đang tìm…' : known.length === 0 ? 'Đơn vị không có ai khác' : 'Chọn người'],
      ...known.map((one) => [one.username, `${one.name}${role === 'handler' ? ` (đang giữ ${one.work} hồ sơ)` : ''}`] as const), ...role === null ? [[OTHER, 'Người khác trong cơ quan…'] as const] : []]} />;
}
