import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

const root = process.env['REPORT_PAGE_ROOT'] ?? '.';
type Operation = { parameters?: { $ref?: string; name?: string }[]; operationId: string };
const contract = JSON.parse(readFileSync(`${root}/Sources/GatewayAPI/openapi.json`, 'utf8')) as {
    paths: Record<string, Record<string, Operation>>;
    components: { parameters: Record<string, { name: string }> };
};
const source = readFileSync(`${root}/Sources/ReportPage/src/api/operations.ts`, 'utf8');

test('every path that the page asks is in the contract, with that method', () => {
    const calls = [...source.matchAll(/call<[^(]+>\('([A-Z]+)', '([^']+)'/g)].map((match) => [match[1], match[2]] as [string, string]);
    assert(calls.length > 15, 'the calls are found at all');
    for (const [method, path] of calls) assert(contract.paths[path]?.[method.toLowerCase()], `${method} ${path}`);
    for (const match of source.matchAll(/address\('([^']+)'/g)) assert(contract.paths[match[1] as string]?.['get'], match[1]);
});

test('every operation of the contract that changes something can be reached from the page', () => {
    const asked = new Set([...source.matchAll(/call<[^(]+>\('([A-Z]+)', '([^']+)'/g)].map((match) => `${match[1]?.toLowerCase()} ${match[2]}`));
    for (const [path, operations] of Object.entries(contract.paths)) {
        for (const method of ['post', 'put', 'patch', 'delete']) {
            // Alerts come from programs.
            if (operations[method] && !path.startsWith('/alerts/')) assert(asked.has(`${method} ${path}`), `${method} ${path}`);
        }
    }
});

test('what the page asks lists by is what the contract takes', () => {
    const names = (path: string) => (contract.paths[path]?.['get']?.parameters ?? []).map((each) => each.name ?? contract.components.parameters[each.$ref?.split('/').pop() ?? '']?.name);
    const wanted: [string, string[]][] = [
        ['/requests', ['namespace', 'pipeline', 'phase', 'requester', 'mine', 'schedule', 'live', 'from', 'to', 'limit', 'cursor']],
        ['/pipelines', ['limit', 'cursor']],
        ['/schedules', ['limit', 'cursor']],
        ['/schedules/preview', ['schedule', 'timeZone']],
        ['/reports/{id}/rows', ['limit', 'cursor']],
        ['/reports/{id}/files/{format}', ['inline']],
        ['/reports/{id}/logs/{stage}', ['attempt']],
        ['/channels', ['namespace']],
        ['/events', ['Last-Event-ID']],
    ];
    for (const [path, parameters] of wanted) for (const parameter of parameters) assert(names(path).includes(parameter), `${path} takes ${parameter}`);
});
