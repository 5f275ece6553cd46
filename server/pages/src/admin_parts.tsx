// What the administrator's parts share: something loaded, with its fault in words; something done, likewise.
import { useSignal, type Signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { ask, problem_of, type Asking } from './api';
import { faults_of, type Faults } from './field';

export const role_words: Record<string, string> = {
  receiver: 'Người tiếp nhận', return_clerk: 'Người trả kết quả', handler: 'Người xử lý', dept_head: 'Lãnh đạo phòng',
  leader: 'Lãnh đạo cơ quan', records_clerk: 'Văn thư', monitor: 'Giám sát cấp tỉnh', administrator: 'Quản trị hệ thống',
  auditor: 'Kiểm tra, thanh tra',
};

export interface Loaded<T> { value: Signal<T | null>; fault: Signal<string>; again: () => void }

export function use_loaded<T>(where: string): Loaded<T> {
  const value = useSignal<T | null>(null), fault = useSignal(''), turn = useSignal(0);
  useEffect(() => {
    let is_left = false;
    fault.value = '';
    if (where === '') {
      value.value = null;
      return undefined;
    }
    ask<T>(where).then((came) => { if (!is_left) value.value = came; })
      .catch((caught) => { if (!is_left) { value.value = null; fault.value = problem_of(caught).message; } });
    return () => { is_left = true; };
  }, [where, turn.value]);
  return { value, fault, again: () => { turn.value++; } };
}

export interface Doing { faults: Signal<Faults>; fault: Signal<string>; is_busy: Signal<boolean>; run: (where: string, asking: Asking) => Promise<boolean> }

/** True when the server has done it; otherwise the faults say why not. */
export function use_doing(): Doing {
  const faults = useSignal<Faults>({}), fault = useSignal(''), is_busy = useSignal(false);
  const run = async (where: string, asking: Asking): Promise<boolean> => {
    is_busy.value = true;
    fault.value = '';
    faults.value = {};
    try {
      await ask(where, asking);
      return true;
    } catch (caught) {
      const problem = problem_of(caught);
      faults.value = faults_of(problem);
      fault.value = problem.message;
      return false;
    } finally {
      is_busy.value = false;
    }
  };
  return { faults, fault, is_busy, run };
}
