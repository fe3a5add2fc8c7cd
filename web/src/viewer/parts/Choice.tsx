/** A short list to choose from, with its name in front. */

export interface ChoiceProps<T extends string> {
  readonly name: string;
  readonly value: T | '';
  readonly options: readonly { readonly value: T; readonly text: string }[];
  readonly choose: (value: T) => void;
  /** What stands first while nothing is chosen. */
  readonly none?: string;
  /** The name is spoken only: what stands in the list says enough. */
  readonly quiet?: boolean;
}

export function Choice<T extends string>({
  name,
  value,
  options,
  choose,
  none,
  quiet = false,
}: ChoiceProps<T>) {
  return (
    <label className="viewer-choice">
      <span className={quiet ? 'hidden' : undefined}>{name}</span>
      <select value={value} onChange={(event) => choose(event.target.value as T)}>
        {none !== undefined && <option value="">{none}</option>}
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.text}
          </option>
        ))}
      </select>
    </label>
  );
}
