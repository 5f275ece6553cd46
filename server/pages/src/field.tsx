// Fields, the list of faults above them, and the box that finds while one types.
import { useSignal } from '@preact/signals';
import type { ComponentChildren, JSX } from 'preact';
import { useEffect, useId, useRef } from 'preact/hooks';
import { problem_of, type Problem } from './api';

/** Errors by JSON pointer, as the server names them. */
export type Faults = Record<string, string>;
export function faults_of(problem: Problem): Faults {
  const faults: Faults = {};
  for (const { pointer, detail } of problem.errors)
    faults[pointer] = faults[pointer] ? `${faults[pointer]}; ${detail}` : detail;
  return faults;
}

interface FieldProps {
  label: string;
  value: string;
  set: (value: string) => void;
  pointer?: string;
  faults?: Faults;
  hint?: string;
  lines?: number;
  is_required?: boolean;
  is_first?: boolean;
  class?: string;
  input?: JSX.HTMLAttributes<HTMLInputElement> & Record<string, unknown>;
}

export function Field(props: FieldProps): JSX.Element {
  const id = useId();
  const fault = props.pointer !== undefined ? props.faults?.[props.pointer] : undefined;
  const about = [props.hint ? `${id}-h` : '', fault ? `${id}-e` : ''].filter(Boolean).join(' ');
  const common = {
    id, value: props.value, 'data-pointer': props.pointer, 'aria-invalid': fault ? true : undefined,
    'aria-describedby': about || undefined, 'aria-required': props.is_required || undefined,
    autocomplete: 'off', spellcheck: false, autofocus: props.is_first,
    onInput: (event: JSX.TargetedInputEvent<HTMLInputElement | HTMLTextAreaElement>) =>
      props.set(event.currentTarget.value),
  };
  return (
    <div class={`field ${props.class ?? ''}`}>
      <label for={id}>{props.label}{props.is_required && <span class="must" aria-hidden="true"> *</span>}</label>
      {props.lines ? <textarea {...common as object} rows={props.lines} />
        : <input type="text" {...common as object} {...props.input as object} />}
      {props.hint && <p class="hint" id={`${id}-h`}>{props.hint}</p>}
      {fault && <p class="fault" id={`${id}-e`}>{fault}</p>}
    </div>
  );
}

interface ChoiceProps<T extends string> {
  label: string;
  value: T;
  set: (value: T) => void;
  of: readonly (readonly [T, string])[];
  pointer?: string;
  faults?: Faults;
  class?: string;
}

export function Choice<T extends string>(props: ChoiceProps<T>): JSX.Element {
  const id = useId();
  const fault = props.pointer !== undefined ? props.faults?.[props.pointer] : undefined;
  return (
    <div class={`field ${props.class ?? ''}`}>
      <label for={id}>{props.label}</label>
      <select id={id} value={props.value} data-pointer={props.pointer} aria-invalid={fault ? true : undefined}
        onChange={(event) => props.set(event.currentTarget.value as T)}>
        {props.of.map(([value, words]) => <option key={value} value={value}>{words}</option>)}
      </select>
      {fault && <p class="fault">{fault}</p>}
    </div>
  );
}

/** What is wrong, above the form; it takes the focus, and each line leads to its field. */
export function Summary({ title, faults, request_id, children }: {
  title: string; faults: Faults; request_id?: string; children?: ComponentChildren;
}): JSX.Element {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => box.current?.focus(), [faults, title]);
  return (
    <div class="summary" role="alert" tabIndex={-1} ref={box}>
      <h2>{title}</h2>
      <ul>
        {Object.entries(faults).map(([pointer, detail]) => (
          <li key={pointer}>
            <a href="#" onClick={(event) => {
              event.preventDefault();
              find_field(pointer)?.focus();
            }}>{label_of(pointer)}{detail}</a>
          </li>
        ))}
      </ul>
      {children}
      {request_id && <p class="hint">Mã yêu cầu: {request_id}</p>}
    </div>
  );
}

/** The field of this pointer, or of the nearest one around it: "/components/0/originals" → "/components/0". */
function find_field(pointer: string): HTMLElement | null {
  for (let at = pointer; at !== ''; at = at.slice(0, at.lastIndexOf('/'))) {
    const found = document.querySelector<HTMLElement>(`[data-pointer="${CSS.escape(at)}"]`);
    if (found)
      return found;
  }
  return null;
}
function label_of(pointer: string): string {
  const found = find_field(pointer);
  const label = found instanceof HTMLInputElement || found instanceof HTMLTextAreaElement ||
    found instanceof HTMLSelectElement ? found.labels?.[0]?.textContent : found?.getAttribute('aria-label');
  return label ? `${label.replace(' *', '')}: ` : '';
}

/** Enter goes to the next field, as Tab does: card readers end with it, and hands stay on the keys. */
export function focus_next(from: HTMLElement): void {
  const all = [...document.querySelectorAll<HTMLElement>('main input, main select, main textarea, main button')]
    .filter((one) => !one.hasAttribute('disabled') && one.offsetParent !== null && one.tabIndex >= 0);
  all[all.indexOf(from) + 1]?.focus();
}

export interface Found { key: string; main: string; more: string }

/** A box that finds while one types (ARIA combobox): arrows move, Enter takes the first or the chosen one. */
export function Finder<T extends Found>(props: {
  label: string; placeholder: string; find: (typed: string) => Promise<T[]>; take: (found: T) => void;
  pointer?: string; faults?: Faults; is_first?: boolean; input_ref?: { current: HTMLInputElement | null };
}): JSX.Element {
  const id = useId();
  const typed = useSignal(''), items = useSignal<T[]>([]), at = useSignal(0), is_open = useSignal(false), failed = useSignal('');
  const asked = useRef(0);
  const enter_waits = useRef(false);
  const fault = props.pointer !== undefined ? props.faults?.[props.pointer] : undefined;

  const take = (found: T | undefined): void => {
    if (!found)
      return;
    is_open.value = false;
    typed.value = '';
    asked.current++;
    props.take(found);
  };
  const search = async (text: string): Promise<void> => {
    const number = ++asked.current;
    typed.value = text;
    if (text.trim() === '') {
      is_open.value = false;
      return;
    }
    failed.value = '';
    const found = await props.find(text).catch((caught) => { failed.value = problem_of(caught).message; return []; });
    if (number !== asked.current)
      return;
    items.value = found;
    at.value = 0;
    is_open.value = true;
    asked.current = number;
    if (enter_waits.current) {
      enter_waits.current = false;
      take(found[0]);
    }
  };
  const on_key = (event: KeyboardEvent): void => {
    const count = items.value.length;
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      if (count > 0)
        at.value = (at.value + (event.key === 'ArrowDown' ? 1 : count - 1)) % count;
    } else if (event.key === 'Enter' && !event.ctrlKey) {
      event.preventDefault();
      if (is_open.value && typed.value !== '')
        take(items.value[at.value]);
      else
        enter_waits.current = typed.value !== ''; /* typed faster than the answer came */
    } else if (event.key === 'Escape') {
      is_open.value = false;
    }
  };
  return (
    <div class="field finder">
      <label for={id}>{props.label}</label>
      <input id={id} type="text" role="combobox" autocomplete="off" spellcheck={false} value={typed.value}
        placeholder={props.placeholder} aria-expanded={is_open.value} aria-controls={`${id}-l`}
        aria-autocomplete="list" aria-invalid={fault ? true : undefined} data-pointer={props.pointer}
        autofocus={props.is_first} ref={(element) => { if (props.input_ref) props.input_ref.current = element; }}
        aria-activedescendant={is_open.value && items.value.length > 0 ? `${id}-${at.value}` : undefined}
        onInput={(event) => { is_open.value = false; void search(event.currentTarget.value); }} onKeyDown={on_key}
        onBlur={() => { is_open.value = false; }} />
      <ul id={`${id}-l`} role="listbox" aria-label={props.label} hidden={!is_open.value}>
        {items.value.map((found, index) => (
          <li key={found.key} id={`${id}-${index}`} role="option" aria-selected={index === at.value}
            onMouseDown={(event) => { event.preventDefault(); take(found); }}>
            <b>{found.main}</b> <span>{found.more}</span>
          </li>
        ))}
        {items.value.length === 0 && <li role="option" aria-selected={false} aria-disabled="true">{failed.value || 'Không tìm thấy'}</li>}
      </ul>
      {fault && <p class="fault">{fault}</p>}
    </div>
  );
}
