import { getPipeline, getReport } from '../api/operations';
import { ProblemError } from '../api/problem';
import { useLoad } from '../live/useLoad';
import { ErrorNotice } from '../parts/ErrorNotice';
import { Link } from '../parts/Link';
import { Blocks } from '../parts/Skeleton';
import { useTitle } from '../parts/useTitle';
import { emptyForm, formOfRequest } from './formState';
import { RequestForm } from './RequestForm';

/** Loads what the form is drawn from. With `again` it is filled in as an earlier report was asked for. */
export function FormPage({ namespace, name, again }: { namespace: string; name: string; again?: string }) {
    const loaded = useLoad(`form ${namespace}/${name}/${again ?? ''}`, async () => {
        const [pipeline, earlier] = await Promise.all([getPipeline({ namespace, name }), again === undefined ? undefined : getReport(again)]);
        const now = Date.now();
        return { pipeline, initial: earlier ? formOfRequest(pipeline, earlier.request, now) : emptyForm(pipeline, now) };
    });
    const title = loaded.value?.pipeline.title ?? name;
    useTitle(title);
    const missing = loaded.error instanceof ProblemError && loaded.error.status === 404;
    return (
        <>
            <p className="crumbs">
                <Link to={{ page: 'ask' }}>Ask for a report</Link>
            </p>
            <h1>{missing ? 'There is no such report' : title}</h1>
            {loaded.value?.pipeline.description !== undefined && <p className="lead">{loaded.value.pipeline.description}</p>}
            {loaded.value ? (
                <RequestForm pipeline={loaded.value.pipeline} initial={loaded.value.initial} draftKey={`ask ${namespace}/${name} ${again ?? ''}`} />
            ) : loaded.error !== undefined ? (
                <ErrorNotice error={loaded.error} retry={loaded.reload} />
            ) : (
                <Blocks count={3} height={96} />
            )}
        </>
    );
}
