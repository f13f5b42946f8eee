import type { Delivery, Report, Request } from '../api/types';
import { Dialog } from '../parts/Dialog';
import { SendForm } from './SendForm';

type Properties = { open: boolean; close: () => void; report: Report; request: Request; deliveries: readonly Delivery[] };

export function SendDialog({ open, close, report, request, deliveries }: Properties) {
    return (
        <Dialog open={open} close={close} title={deliveries.length === 0 ? 'Send the report' : 'Send the report again'}>
            <SendForm close={close} report={report} request={request} deliveries={deliveries} />
        </Dialog>
    );
}
