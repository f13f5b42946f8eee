import { expression, Frequency, weekdays } from '../logic/cron';
import { describedBy, Field, FieldFault } from '../parts/Field';

type Properties = { frequency: Frequency; change: (frequency: Frequency) => void; error: string | undefined };

const labels: [Frequency['every'], string][] = [
    ['month', 'Every month'],
    ['week', 'Every week'],
    ['weekday', 'Monday to Friday'],
    ['day', 'Every day'],
    ['hour', 'Every hour'],
    ['custom', 'By a cron expression'],
];

/** How often, in words for most and as cron for the rest. */
export function FrequencyFields({ frequency, change, error }: Properties) {
    const time = 'time' in frequency ? frequency.time : '06:00';
    const changeEvery = (every: Frequency['every']) => {
        const next: Record<Frequency['every'], Frequency> = {
            hour: { every: 'hour', minute: 0 },
            day: { every: 'day', time },
            weekday: { every: 'weekday', time },
            week: { every: 'week', days: [1], time },
            month: { every: 'month', day: 1, time },
            custom: { every: 'custom', expression: expression(frequency) },
        };
        change(next[every]);
    };
    const place = frequency.every === 'custom' ? 'cron' : 'frequency';
    return (
        <>
            <div className="beside">
                <Field label="How often" id="frequency">
                    <select id="frequency" value={frequency.every} onChange={(event) => changeEvery(event.target.value as Frequency['every'])}>
                        {labels.map(([every, label]) => (
                            <option key={every} value={every}>
                                {label}
                            </option>
                        ))}
                    </select>
                </Field>
                {frequency.every === 'month' && (
                    <Field label="On day" id="day">
                        <select id="day" value={frequency.day} onChange={(event) => change({ ...frequency, day: Number(event.target.value) })}>
                            {Array.from({ length: 31 }, (_, index) => (
                                <option key={index} value={index + 1}>
                                    {index + 1}.
                                </option>
                            ))}
                        </select>
                    </Field>
                )}
                {'time' in frequency && (
                    <Field label="At" id="time">
                        <input id="time" type="time" required value={frequency.time} onChange={(event) => event.target.value && change({ ...frequency, time: event.target.value.slice(0, 5) })} />
                    </Field>
                )}
                {frequency.every === 'hour' && (
                    <Field label="At minute" id="minute">
                        <select id="minute" value={frequency.minute} onChange={(event) => change({ every: 'hour', minute: Number(event.target.value) })}>
                            {Array.from({ length: 60 }, (_, index) => (
                                <option key={index} value={index}>
                                    :{String(index).padStart(2, '0')}
                                </option>
                            ))}
                        </select>
                    </Field>
                )}
            </div>
            {frequency.every === 'month' && frequency.day > 28 && <p className="hint">Months without a day {frequency.day} are left out.</p>}
            {frequency.every === 'week' && (
                <fieldset className="field">
                    <legend>On</legend>
                    <div className="checks tight">
                        {[1, 2, 3, 4, 5, 6, 0].map((day) => (
                            <label key={day} className="pill">
                                <input
                                    type="checkbox"
                                    checked={frequency.days.includes(day)}
                                    onChange={(event) => {
                                        const days = event.target.checked ? [...frequency.days, day] : frequency.days.filter((other) => other !== day);
                                        if (days.length > 0) change({ ...frequency, days });
                                    }}
                                />
                                {weekdays[day]?.slice(0, 3)}
                            </label>
                        ))}
                    </div>
                </fieldset>
            )}
            {frequency.every === 'custom' ? (
                <Field label="Cron expression" id="cron" hint="Minute, hour, day of the month, month, day of the week; or such as @daily." error={error}>
                    <input
                        id="cron"
                        className="code"
                        spellCheck={false}
                        autoComplete="off"
                        value={frequency.expression}
                        aria-invalid={error !== undefined || undefined}
                        aria-describedby={describedBy('cron', 'hint', error)}
                        onChange={(event) => change({ every: 'custom', expression: event.target.value })}
                    />
                </Field>
            ) : (
                <FieldFault id={place} error={error} />
            )}
        </>
    );
}
