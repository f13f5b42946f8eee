import { describedBy, Field } from '../parts/Field';
import { useMe } from '../shell/me';
import type { FormState } from './formState';

type Properties = { form: FormState; change: (update: (form: FormState) => FormState) => void; faultOf: (field: string) => string | undefined };

/** Only for those who may ask in somebody else's name. */
export function RequesterFields({ form, change, faultOf }: Properties) {
    const me = useMe();
    const set = (key: 'name' | 'email', text: string) => change((before) => ({ ...before, requester: { ...before.requester, [key]: text } }));
    const [nameFault, emailFault] = [faultOf('requester.name'), faultOf('requester.email')];
    return (
        <fieldset className="choices">
            <legend>Asked for by</legend>
            <label className="check">
                <input type="radio" name="requester" checked={!form.otherRequester} onChange={() => change((before) => ({ ...before, otherRequester: false }))} />
                {me.name ?? me.email ?? me.user}
            </label>
            <label className="check">
                <input type="radio" name="requester" checked={form.otherRequester} onChange={() => change((before) => ({ ...before, otherRequester: true }))} />
                Somebody else
            </label>
            {form.otherRequester && (
                <div className="beside">
                    <Field label="Name" id="requester-name" error={nameFault}>
                        <input id="requester-name" autoComplete="off" value={form.requester.name} aria-invalid={nameFault !== undefined || undefined} aria-describedby={describedBy('requester-name', undefined, nameFault)} onChange={(event) => set('name', event.target.value)} />
                    </Field>
                    <Field label="E-mail address" id="requester-email" error={emailFault}>
                        <input id="requester-email" type="email" autoComplete="off" value={form.requester.email} aria-invalid={emailFault !== undefined || undefined} aria-describedby={describedBy('requester-email', undefined, emailFault)} onChange={(event) => set('email', event.target.value)} />
                    </Field>
                </div>
            )}
        </fieldset>
    );
}
