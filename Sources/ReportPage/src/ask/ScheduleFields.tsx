import type { Pipeline } from '../api/types';
import { scheduleName } from '../logic/cron';
import { describedBy, Field } from '../parts/Field';
import { FrequencyFields } from './FrequencyFields';
import type { FormState } from './formState';
import { SchedulePreviewPanel, usePreview } from './SchedulePreviewPanel';

type Properties = {
    pipeline: Pipeline;
    form: FormState;
    change: (update: (form: FormState) => FormState) => void;
    faultOf: (field: string) => string | undefined;
    /** An existing schedule keeps its name. */
    named: boolean;
};

const zones: readonly string[] = 'supportedValuesOf' in Intl ? (Intl as unknown as { supportedValuesOf: (key: string) => string[] }).supportedValuesOf('timeZone') : [];

export function ScheduleFields({ pipeline, form, change, faultOf, named }: Properties) {
    const preview = usePreview(form.frequency, form.timeZone);
    const zoneFault = faultOf('timeZone') ?? preview.faultOf('timeZone');
    const nameFault = faultOf('name');
    return (
        <div className="stack">
            <FrequencyFields
                frequency={form.frequency}
                change={(frequency) => change((before) => ({ ...before, frequency }))}
                error={faultOf('schedule') ?? preview.faultOf('schedule') ?? (zoneFault === undefined ? preview.message : undefined)}
            />
            <div className="beside">
                <Field label="Time zone" id="zone" error={zoneFault}>
                    <input
                        id="zone"
                        list="zones"
                        autoComplete="off"
                        spellCheck={false}
                        placeholder="the cluster’s, mostly UTC"
                        value={form.timeZone}
                        aria-invalid={zoneFault !== undefined || undefined}
                        aria-describedby={describedBy('zone', undefined, zoneFault)}
                        onChange={(event) => change((before) => ({ ...before, timeZone: event.target.value }))}
                    />
                </Field>
                <datalist id="zones">
                    {['UTC', ...zones].map((zone) => (
                        <option key={zone} value={zone} />
                    ))}
                </datalist>
                <Field label="If the one before still runs" id="policy">
                    <select id="policy" value={form.concurrencyPolicy} onChange={(event) => change((before) => ({ ...before, concurrencyPolicy: event.target.value as FormState['concurrencyPolicy'] }))}>
                        <option value="Forbid">leave the new one out</option>
                        <option value="Allow">make both</option>
                        <option value="Replace">cancel the one before</option>
                    </select>
                </Field>
                {!named && (
                    <Field label="Name" id="schedule-name" error={nameFault}>
                        <input
                            id="schedule-name"
                            autoComplete="off"
                            spellCheck={false}
                            maxLength={52}
                            placeholder={scheduleName(pipeline.name, form.frequency)}
                            value={form.name}
                            aria-invalid={nameFault !== undefined || undefined}
                            aria-describedby={describedBy('schedule-name', undefined, nameFault)}
                            onChange={(event) => change((before) => ({ ...before, name: event.target.value }))}
                        />
                    </Field>
                )}
            </div>
            <SchedulePreviewPanel preview={preview} timeZone={form.timeZone} />
        </div>
    );
}
