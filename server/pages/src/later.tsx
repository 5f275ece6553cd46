// A screen that comes with its own chunk when somebody first opens it.
import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import type { User } from './types';

export interface ScreenProps { who: User; at: string }
type Screen = (props: ScreenProps) => JSX.Element;

export function Later({ load, who, at }: { load: () => Promise<Screen> } & ScreenProps): JSX.Element {
  const come = useSignal<{ screen: Screen } | null>(null), has_failed = useSignal(false);
  useEffect(() => {
    load().then((screen) => { come.value = { screen }; }).catch(() => { has_failed.value = true; });
  }, []);
  if (has_failed.value)
    return <p class="fault" role="alert">Không tải được phần này. Hãy kiểm tra mạng rồi tải lại trang.</p>;
  const Loaded = come.value?.screen;
  return Loaded ? <Loaded who={who} at={at} /> : <p class="quiet" aria-busy="true">Đang mở…</p>;
}
