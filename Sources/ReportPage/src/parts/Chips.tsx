import { useRef, useState } from 'react';

type Properties = {
    id: string;
    values: readonly string[];
    change: (values: string[]) => void;
    split: (text: string) => string[];
    describedBy?: string | undefined;
    invalid?: boolean;
    placeholder?: string;
    isGood?: (text: string) => boolean;
    type?: string;
};

/** Several values in one field. Enter, comma or leaving the field adds one; pasting a list adds all of it. */
export function Chips({ id, values, change, split, describedBy, invalid, placeholder, isGood, type }: Properties) {
    const [text, setText] = useState('');
    const input = useRef<HTMLInputElement>(null);
    const add = (more: string) => {
        const added = split(more).filter((value) => !values.includes(value));
        if (added.length > 0) change([...values, ...added]);
        setText('');
    };
    const remove = (index: number) => {
        change(values.filter((_, other) => other !== index));
        input.current?.focus();
    };
    return (
        <div className="chips" onClick={(event) => event.target === event.currentTarget && input.current?.focus()}>
            {values.map((value, index) => (
                <span key={value} className={isGood && !isGood(value) ? 'chip bad' : 'chip'}>
                    {value}
                    <button type="button" className="plain" aria-label={`Remove ${value}`} onClick={() => remove(index)}>
                        ✕
                    </button>
                </span>
            ))}
            <input
                id={id}
                ref={input}
                type={type ?? 'text'}
                value={text}
                placeholder={values.length === 0 ? placeholder : undefined}
                aria-describedby={describedBy}
                aria-invalid={invalid || undefined}
                autoComplete="off"
                spellCheck={false}
                onChange={(event) => setText(event.target.value)}
                onBlur={() => add(text)}
                onPaste={(event) => {
                    const pasted = event.clipboardData.getData('text');
                    if (split(pasted).length < 2) return;
                    event.preventDefault();
                    add(pasted);
                }}
                onKeyDown={(event) => {
                    if ((event.key === 'Enter' || event.key === ',') && text.trim() !== '') {
                        event.preventDefault();
                        add(text);
                    } else if (event.key === 'Backspace' && text === '' && values.length > 0) remove(values.length - 1);
                }}
            />
        </div>
    );
}
